// Decides when something is done that events ask for more often than it is worth doing.

/** Runs `action` once per frame of the screen at most; `cancel` forgets a pending run. */
export function oncePerFrame(action) {
  let frame = 0;
  const run = () => {
    frame = 0;
    action();
  };
  const ask = () => {
    if (!frame) frame = requestAnimationFrame(run);
  };
  ask.cancel = () => {
    cancelAnimationFrame(frame);
    frame = 0;
  };
  return ask;
}

/** Runs `action` when it has not been asked for during `milliseconds`. */
export function whenQuiet(action, milliseconds) {
  let timer = 0;
  const ask = () => {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  };
  ask.cancel = () => clearTimeout(timer);
  return ask;
}
