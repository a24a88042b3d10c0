const quietMilliseconds = 1000;

/** A line on standard error that counts while something takes more than a second, on a terminal only. */
export function progressLine(what: string): { readonly show: (count: number) => void; readonly clear: () => void } {
  const begun = Date.now();
  let shown = false;
  return {
    show: (count) => {
      if (!process.stderr.isTTY || Date.now() - begun < quietMilliseconds) return;
      process.stderr.write(`\r${count} ${what} …`);
      shown = true;
    },
    clear: () => {
      if (shown) process.stderr.write('\r\u001b[K');
    },
  };
}
