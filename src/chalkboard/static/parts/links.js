// Leads from a widget to another notebook or to a cell, in the same window where that is possible.

import { html } from "./dom.js";

/**
 * A link to the notebook at `address` (relative to this one; "" is this one), at the cell `cell`.
 *
 * JupyterLab and Notebook open it themselves, by the command that its attributes name. Elsewhere it
 * is an ordinary link, or, for a cell of this notebook, no more than words.
 */
export function createLink(model, words, address, cell = "") {
  const here = pathOfNotebook(model);
  if (!here) return address ? html("a", { href: address, target: "_blank" }, words) : html("span", {}, words);
  const path = address ? resolvePath(here, address) : here;
  const fragment = cell ? { id: `#cell-id=${cell}` } : {};
  return html(
    "a",
    {
      href: address || `#${cell}`,
      "data-commandlinker-command": "rendermime:handle-local-link",
      "data-commandlinker-args": JSON.stringify({ path, ...fragment }),
    },
    words,
  );
}

/** The path of the notebook on its server, where the page tells it. */
function pathOfNotebook(model) {
  return model.widget_manager?.context?.path ?? "";
}

function resolvePath(from, address) {
  // The browser's own rules for "..", with an address that is never asked for anything.
  const base = new URL(from.split("/").map(encodeURIComponent).join("/"), "file:///");
  return decodeURIComponent(new URL(address, base).pathname).slice(1);
}
