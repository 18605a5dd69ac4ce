/**
 * Make a Streamlit component of a face that has `update(component)` and `remove()`.
 *
 * Streamlit calls a component again on every rerun and its clean-up on unmount only, so the
 * face is kept by the element it lives in.
 */
export function keepOne(build) {
  const kept = new WeakMap();
  return (component) => {
    const parent = component.parentElement;
    if (!kept.has(parent)) kept.set(parent, build(parent));
    kept.get(parent).update(component);
    return () => {
      kept.get(parent)?.remove();
      kept.delete(parent);
    };
  };
}
