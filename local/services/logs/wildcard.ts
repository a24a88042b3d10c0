/** `*` stands for any text; compared part by part, without backtracking. */
export function wildcard(wanted: string): (text: string) => boolean {
  const parts = wanted.split('*');
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return (text) => text === wanted;
  return (text) => {
    if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
    let from = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, from);
      if (found < 0 || found + part.length > text.length - last.length) return false;
      from = found + part.length;
    }
    return true;
  };
}
