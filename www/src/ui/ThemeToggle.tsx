import { Moon, Sun } from 'lucide-react';
import { t } from '../i18n';
import { IconButton } from './Button';
import { toggleTheme, useDark } from './theme';

export function ThemeToggle() {
  const dark = useDark();
  return (
    <IconButton label={dark ? t.common.toLight : t.common.toDark} onClick={toggleTheme}>
      {dark ? <Sun size={16} /> : <Moon size={16} />}
    </IconButton>
  );
}
