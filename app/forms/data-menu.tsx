import { Braces } from 'lucide-react';
import { useRef } from 'react';
import { IconButton } from '../ui/button.tsx';
import { Menu, MenuHead, MenuItem } from '../ui/menu.tsx';
import { referencesTo } from './completions.ts';
import { useForm } from './form-context.tsx';
import './data-menu.css';

/** The fields of the data around a node; choosing one inserts its reference. Not there before there is data. */
export function DataMenu({ insert, reach }: { insert: (reference: string) => void; reach: () => void }) {
  const { samples } = useForm();
  const groups = [...Map.groupBy(referencesTo(samples), ({ group }) => group)];
  const isTaken = useRef(false);
  if (groups.length === 0) return null;
  const take = (reference: string) => {
    isTaken.current = true;
    insert(reference);
  };
  const reachTaken = () => {
    const was = isTaken.current;
    isTaken.current = false;
    if (was) reach();
    return was;
  };
  return (
    <Menu
      reach={reachTaken}
      trigger={
        <IconButton label="Insert data" size="sm" className="insert-data">
          <Braces className="i i-12" aria-hidden />
        </IconButton>
      }
    >
      <div className="data-menu">
        {groups.map(([group, references]) => (
          <div key={group} role="group" aria-label={group}>
            <MenuHead>{group}</MenuHead>
            {references.map(({ text, says }) => (
              <MenuItem key={text} onSelect={() => take(text)}>
                <span className="mono-s">{text}</span>
                <span className="end t3 small cut">{says}</span>
              </MenuItem>
            ))}
          </div>
        ))}
      </div>
    </Menu>
  );
}
