// Lets a pointer (mouse, pen or finger) drag over a picture.

/** Calls `move(event)` while the pointer is down on `element`, and `release()` when it lets go. */
export function letDrag(element, move, release) {
  let pointer = null;
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pointer = event.pointerId;
    element.setPointerCapture(pointer);
    // Otherwise the browser would begin to select the text around the picture.
    event.preventDefault();
    move(event);
  });
  element.addEventListener("pointermove", (event) => {
    if (event.pointerId === pointer) move(event);
  });
  const stop = (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    release();
  };
  element.addEventListener("pointerup", stop);
  element.addEventListener("pointercancel", stop);
}
