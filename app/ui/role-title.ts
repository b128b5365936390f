/** A role as it is called on screens, wherever it stands. */
export const roleTitle = (role: string): string => role.charAt(0).toUpperCase() + role.slice(1);
