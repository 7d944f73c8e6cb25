// Leads from a widget to another notebook or to a cell, in the same window where that is possible.

import { html } from "./dom.js";

/**
 * A link to the notebook at `address` (relative to this one; "" is this one), at the cell `cell`.
 *
 * JupyterLab and Notebook open it themselves, by the command that its attributes name. Elsewhere it
 * is an ordinary link, or, for a cell of this notebook, no more than words.
 */
export function createLink(model, words, address, cell) {
  // The path of this notebook on its server, where the page tells it.
  const here = model.widget_manager?.context?.path;
  if (!here) return address ? html("a", { href: address, target: "_blank" }, words) : html("span", {}, words);
  // The browser's own rules for "..", with an address that is never asked for anything.
  const base = new URL(here.split("/").map(encodeURIComponent).join("/"), "file:///");
  const path = decodeURIComponent(new URL(address, base).pathname).slice(1);
  const place = cell ? { path, id: `#cell-id=${cell}` } : { path };
  const command = "rendermime:handle-local-link";
  const opened = { "data-commandlinker-command": command, "data-commandlinker-args": JSON.stringify(place) };
  return html("a", { href: address || `#${cell}`, ...opened }, words);
}
