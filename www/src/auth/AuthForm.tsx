import { useState, type FormEvent, type ReactNode } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { signIn, signUp } from '../api/session';
import { t } from '../i18n';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { Card, Notice, Page } from '../ui/Page';
import { backTo } from './backTo';
import { checkEntered, errorsFrom, type FormErrors } from './forms';
import css from './Auth.module.css';

interface AuthPageProps {
  title: string;
  other: ReactNode;
  children: ReactNode;
}

export function AuthPage({ title, other, children }: AuthPageProps) {
  return (
    <Page title={title} narrow>
      <Card>
        <h1 className={css.title}>{title}</h1>
        {!window.isSecureContext && <Notice>{t.auth.notSecure}</Notice>}
        {children}
      </Card>
      <p className={css.other}>{other}</p>
    </Page>
  );
}

export function OtherLink({ to, text }: { to: string; text: string }) {
  const { search } = useLocation();
  return <Link to={{ pathname: to, search }}>{text}</Link>;
}

/** One form for both: `naming` asks for a name and makes an account. */
export function AuthForm({ naming = false }: { naming?: boolean }) {
  const [errors, setErrors] = useState<FormErrors>({});
  const [busy, setBusy] = useState(false);
  const navigate = useNavigate();
  const { search } = useLocation();

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const entered = read(form, naming);
    const wrong = checkEntered(entered);
    if (wrong) return show(form, wrong, setErrors);
    setBusy(true);
    try {
      const { email, name, password } = entered;
      await (name === undefined ? signIn(email, password) : signUp(email, name, password));
      void navigate(backTo(search), { replace: true });
    } catch (error) {
      setBusy(false);
      show(form, errorsFrom(error), setErrors);
    }
  };
  return (
    <form className={css.form} onSubmit={(e) => void submit(e)} noValidate>
      {errors.form && <Notice tone="bad">{errors.form}</Notice>}
      {naming && (
        <Field
          name="name"
          label={t.auth.name}
          hint={t.auth.nameHint}
          error={errors.name}
          autoComplete="name"
          maxLength={64}
          autoFocus
          required
        />
      )}
      <Field
        name="email"
        type="email"
        label={t.auth.email}
        error={errors.email}
        autoComplete={naming ? 'email' : 'username'}
        autoFocus={!naming}
        maxLength={254}
        required
      />
      <Field
        name="password"
        type="password"
        label={t.auth.password}
        hint={naming ? t.auth.passwordHint : undefined}
        error={errors.password}
        autoComplete={naming ? 'new-password' : 'current-password'}
        required
      />
      <Button look="primary" type="submit" busy={busy}>
        {naming ? t.auth.signUp : t.auth.signIn}
      </Button>
    </form>
  );
}

function read(form: HTMLFormElement, naming: boolean) {
  const data = new FormData(form);
  const value = (name: string) => String(data.get(name) ?? '');
  return {
    email: value('email').trim(),
    password: value('password'),
    ...(naming && { name: value('name').trim() }),
  };
}

/** Shows the errors and goes to the first field that has one. */
function show(form: HTMLFormElement, errors: FormErrors, set: (errors: FormErrors) => void): void {
  set(errors);
  const first = (['name', 'email', 'password'] as const).find((field) => errors[field]);
  if (first) form.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus();
}
