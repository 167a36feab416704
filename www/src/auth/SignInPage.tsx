import { t } from '../i18n';
import { AuthForm, AuthPage, OtherLink } from './AuthForm';

export default function SignInPage() {
  return (
    <AuthPage title={t.auth.signIn} other={<OtherLink to="/sign-up" text={t.auth.noAccount} />}>
      <AuthForm />
    </AuthPage>
  );
}
