// Which step of a row is asked for, where a further key may come before the step that was asked for is there.

/**
 * @param {number} at the step that is shown, from 1
 * @param {number} of how many there are
 */
export function steps(at, of) {
  let wanted = at;
  return {
    /**
     * The step that is now asked for, so many further than the last one that was.
     * @param {number} by
     */
    by(by) {
      wanted = Math.min(of, Math.max(1, wanted + by));
      return wanted;
    },
    /**
     * Whether this step is the one that was asked for last.
     * @param {number} step
     */
    is(step) {
      return step === wanted;
    },
  };
}
