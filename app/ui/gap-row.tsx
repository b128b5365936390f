/**
 * Holds the place of a table's rows that are out of sight. One cell is enough: one over all columns made columns of those that a narrow window does
 * not show, and took their width from the rest.
 */
export const GapRow = ({ height }: { height: number }) =>
  height > 0 ? (
    <tr aria-hidden>
      <td className="gap-cell" style={{ height }} />
    </tr>
  ) : null;
