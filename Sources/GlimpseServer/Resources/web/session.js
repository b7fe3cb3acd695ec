import { element, fill } from "./elements.js";

let pending = null;

/**
 * Asks for the token of the server and opens a session with it. Requests that fail at the same time share one dialog.
 *
 * @returns {Promise<boolean>} Whether there is a session now; false when the dialog was closed.
 */
export function askForToken() {
  pending ??= openDialog().finally(() => {
    pending = null;
  });
  return pending;
}

/** Ends the session: the next request asks for the token again. */
export async function endSession() {
  await fetch("/api/v1/session", { method: "DELETE" });
  location.reload();
}

function openDialog() {
  const dialog = document.getElementById("session");
  const field = element("input", {
    id: "session-token", type: "password", autocomplete: "current-password", required: true, autofocus: true,
  });
  const problem = element("p", { class: "problem-line", role: "alert" });
  let isOpened = false;

  const submit = async (event) => {
    event.preventDefault();
    problem.textContent = await openSession(field.value.trim());
    if (problem.textContent === "") {
      isOpened = true;
      dialog.close();
    } else {
      field.select();
    }
  };

  fill(dialog, element("form", { submit },
    element("h2", { id: "session-title" }, "This server asks for its token"),
    element("p", {}, "It is the one that ", element("code", {}, "glimpse serve --token"), " was started with."),
    element("label", { for: "session-token" }, "Token"),
    field,
    problem,
    element("div", { class: "button-row" },
      element("button", { class: "button", type: "button", click: () => dialog.close() }, "Not now"),
      element("button", { class: "button primary", id: "session-submit", type: "submit" }, "Go on"))));

  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(isOpened), { once: true });
    dialog.showModal();
  });
}

/** Returns what is wrong, or "" when there is a session. */
async function openSession(token) {
  try {
    const response = await fetch("/api/v1/session", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ token }),
    });
    if (response.ok) return "";
    const answer = await response.json().catch(() => null);
    return answer?.error?.message ?? "This is not the token.";
  } catch {
    return "The server does not answer.";
  }
}
