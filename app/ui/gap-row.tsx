interface GapRowProps {
  readonly height: number;
  readonly columns?: number;
}

/** Holds the place of a table's rows that are out of sight. */
export const GapRow = ({ height, columns }: GapRowProps) =>
  height > 0 ? (
    <tr aria-hidden>
      <td className="gap-cell" colSpan={columns} style={{ height }} />
    </tr>
  ) : null;
