/** A one-line progress bar on standard error; silent when that is not a terminal. */
export function progressBar(quiet: boolean): { update(done: number, total: number, what: string): void; end(): void } {
  const shown = !quiet && process.stderr.isTTY === true;
  const clear = '\r\u001b[K';
  return {
    update(done, total, what) {
      if (!shown) return;
      const width = 24;
      const full = Math.round((width * Math.min(done, total)) / Math.max(total, 1));
      const room = Math.max(10, (process.stderr.columns ?? 80) - width - 10);
      process.stderr.write(`${clear}[${'='.repeat(full)}${' '.repeat(width - full)}] ${what.slice(0, room)}`);
    },
    end() {
      if (shown) process.stderr.write(clear);
    },
  };
}
