/** A column of a table for people. */
export interface TextColumn {
  readonly head: string;
  readonly align: "left" | "right";
}

/** Lines of a table: columns as wide as their widest cell, two spaces between. */
export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
): string[] {
  const widths = columns.map((column, i) =>
    rows.reduce((width, row) => Math.max(width, row[i].length), column.head.length),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) =>
        columns[i].align === "left" ? cell.padEnd(widths[i]) : cell.padStart(widths[i]),
      )
      .join("  ")
      .trimEnd();
  return [line(columns.map((column) => column.head)), ...rows.map(line)];
}
