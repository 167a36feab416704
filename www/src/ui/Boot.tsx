import { t } from '../i18n';

/** In the page's place until it is there: the same as index.html shows before this script runs. */
export function Boot() {
  return (
    <div className="cr-boot" role="status" aria-label={t.common.loading}>
      <i />
      <i />
      <i />
      <i />
    </div>
  );
}
