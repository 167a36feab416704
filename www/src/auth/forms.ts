import { ApiError, errorText } from '../api/problem';
import { t } from '../i18n';

/** What is wrong with which field; `form` is for the form as a whole. */
export type FormErrors = Partial<Record<'email' | 'name' | 'password' | 'form', string>>;

interface Entered {
  email: string;
  password: string;
  name?: string;
}

/** What can be seen before asking the server. Null: nothing. */
export function checkEntered({ email, password, name }: Entered): FormErrors | null {
  const errors: FormErrors = {};
  if (!/^\S+@\S+$/.test(email.trim())) errors.email = t.auth.emailWrong;
  if (name !== undefined && name.trim() === '') errors.name = t.auth.nameMissing;
  if (password === '') errors.password = t.auth.passwordMissing;
  else if (name !== undefined && [...password].length < 8) errors.password = t.auth.passwordShort;
  return Object.keys(errors).length > 0 ? errors : null;
}

export function errorsFrom(error: unknown): FormErrors {
  if (error instanceof ApiError) {
    const { field } = error;
    if (error.code === 'conflict') return { email: t.auth.emailTaken };
    if (error.code === 'unauthorized') return { form: t.auth.wrong };
    if (field === 'email' || field === 'name' || field === 'password') {
      return { [field]: error.message };
    }
  }
  return { form: errorText(error) };
}
