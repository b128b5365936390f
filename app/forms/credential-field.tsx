import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { credentialTypes } from '../../flow/document/credential.ts';
import { credentialsQuery } from '../api/credentials.ts';
import { CredentialDialog } from '../connections/credential-dialog.tsx';
import { IconButton } from '../ui/button.tsx';
import { Select } from '../ui/select.tsx';
import type { ControlProps } from './control-view.tsx';

/** No item of the list may have an empty value. */
const none = ' ';

/** Chooses one of the workspace's credentials by name, or makes a new one on the spot. */
export function CredentialField({ field, wiring, value, onChange }: ControlProps) {
  const credentials = useQuery(credentialsQuery);
  const [isMaking, setMaking] = useState(false);
  const chosen = typeof value === 'string' && value !== '' ? value : none;
  const known = (credentials.data ?? []).map(({ name, type }) => ({
    value: name,
    title: name,
    says: credentialTypes[type].title,
  }));
  const isThere = chosen === none || known.some((option) => option.value === chosen);
  const lost = { value: chosen, title: credentials.data ? `${chosen} (not in this workspace)` : chosen };
  const options = [{ value: none, title: 'None' }, ...(isThere ? [] : [lost]), ...known];
  return (
    <div className="row">
      <Select
        id={wiring.id}
        className="grow"
        label={field.title}
        value={chosen}
        options={options}
        onChange={(next) => onChange(next === none ? undefined : next)}
      />
      <IconButton label="New connection" onClick={() => setMaking(true)}>
        <Plus className="i" aria-hidden />
      </IconButton>
      {isMaking && (
        <CredentialDialog
          open
          onClose={() => setMaking(false)}
          onDone={({ name }) => {
            onChange(name);
            setMaking(false);
          }}
        />
      )}
    </div>
  );
}
