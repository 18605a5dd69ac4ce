/** Copy a link; false where the browser does not allow it (no https, or permission denied). */
export async function copyLink(address) {
  try {
    await navigator.clipboard.writeText(address);
    return true;
  } catch {
    return false;
  }
}
