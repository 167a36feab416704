import * as Radix from '@radix-ui/react-dropdown-menu';
import { cx } from './cx';
import { MenuButton, type MenuProps } from './Menu';
import css from './Menu.module.css';

/** Not modal: that would lock scrolling by a <style> element, which our policy forbids. */
export default function MenuContent({ items, ...button }: MenuProps) {
  return (
    <Radix.Root modal={false} defaultOpen>
      <Radix.Trigger asChild>
        <MenuButton {...button} />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={css.menu} align="end" sideOffset={4} collisionPadding={8}>
          {items.map((item) => (
            <Radix.Item
              key={item.label}
              className={cx(css.item, item.danger && css.danger)}
              onSelect={item.onSelect}
            >
              {item.icon}
              {item.label}
            </Radix.Item>
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
