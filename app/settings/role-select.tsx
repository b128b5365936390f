import { roles } from '../../flow/contract/account.ts';
import type { Role } from '../../flow/contract/account.ts';
import { roleTitle } from '../ui/role-title.ts';
import { Select } from '../ui/select.tsx';
import './role-select.css';

const says: Record<Role, string> = {
  viewer: 'reads',
  operator: 'runs, retries, answers',
  editor: 'draws and publishes',
  owner: 'everything, and who belongs here',
};
const options = roles.map((value) => ({
  value,
  title: roleTitle(value),
  says: says[value],
}));

interface RoleSelectProps {
  readonly value: Role;
  readonly onChange: (role: Role) => void;
  readonly label: string;
  readonly disabled?: boolean;
}

/** What somebody may do here. */
export const RoleSelect = ({ value, onChange, label, disabled = false }: RoleSelectProps) => (
  <Select
    className="role-select"
    label={label}
    value={value}
    options={options}
    onChange={onChange}
    disabled={disabled}
  />
);
