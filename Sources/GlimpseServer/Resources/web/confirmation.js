import { element, fill } from "./elements.js";

/**
 * Asks before something happens.
 *
 * @param {{title: string, text: string, action: string}} question - `action` is what the button says that goes on.
 * @returns {Promise<boolean>} Whether to go on.
 */
export function confirmed({ title, text, action }) {
  const dialog = document.getElementById("confirmation");
  fill(dialog, element("form", { method: "dialog" },
    element("h2", { id: "confirmation-title" }, title),
    element("p", {}, text),
    element("div", { class: "button-row" },
      element("button", { class: "button", value: "", autofocus: true }, "Cancel"),
      element("button", { class: "button primary", id: "confirm", value: "confirmed" }, action))));
  // A dialog keeps what it was closed with the last time, and the Escape key would leave that standing.
  dialog.returnValue = "";
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "confirmed"), { once: true });
    dialog.showModal();
  });
}
