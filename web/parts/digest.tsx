/** A digest short enough to compare by eye; all of it when asked. */
export const Digest = ({ of, long = false }: { readonly of: string; readonly long?: boolean }) => {
  const hex = of.replace(/^sha256:/, '');
  return (
    <span class="d" title={of}>
      {long ? `sha256:${hex.slice(0, 8)}…${hex.slice(-4)}` : hex.slice(0, 7)}
    </span>
  );
};
