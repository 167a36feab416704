import { t } from '../i18n';
import { AuthForm, AuthPage, OtherLink } from './AuthForm';

export default function SignUpPage() {
  return (
    <AuthPage title={t.auth.signUp} other={<OtherLink to="/sign-in" text={t.auth.haveAccount} />}>
      <AuthForm naming />
    </AuthPage>
  );
}
