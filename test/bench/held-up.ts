/** Milliseconds between two looks at the thread. */
const step = 1;

/**
 * Watches how long this thread is held up at a stretch, until `longest` is asked. A look that comes late is counted by how late it
 * came, or by how much processor time the thread has used since the look before, whichever is less: what another process
 * took of the machine meanwhile is no work of ours, and on two cores with three busy processes it is most of the delay.
 */
export function watchThread(): { longest(): number } {
  let longest = 0;
  let seen = performance.now();
  let used = processorTime();
  const timer = setInterval(() => {
    const now = performance.now();
    const work = processorTime();
    longest = Math.max(longest, Math.min(now - seen - step, work - used));
    [seen, used] = [now, work];
  }, step);
  return {
    longest: () => {
      clearInterval(timer);
      return longest;
    },
  };
}

/** Milliseconds of processor time that this thread has used, its system calls included. */
function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
