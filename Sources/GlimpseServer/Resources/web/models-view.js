import { request } from "./client.js";
import { showBusy } from "./busy.js";
import { viewHead } from "./controls.js";
import { element, fill } from "./elements.js";
import { byteSize, counted } from "./format.js";
import { problemPanel } from "./notices.js";

/**
 * The models that Glimpse knows, and which of them are on this machine.
 *
 * @returns {{element: HTMLElement, show: Function, hide: Function}}
 */
export function createModelsView() {
  const summary = element("p", { class: "summary", id: "models-summary", role: "status" });
  const list = element("ul", { class: "models", id: "models", role: "list" });
  const view = element("section", { class: "models-view" },
    viewHead("Models", summary), list);
  let running = new AbortController();

  const load = async () => {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    try {
      const { models } = await showBusy(request("models", { signal }));
      if (signal.aborted) return;
      const installed = models.filter(({ isInstalled }) => isInstalled);
      summary.textContent = `${counted(installed.length, "model")} on this machine`;
      fill(list, ...models.map(modelCard));
    } catch (error) {
      if (signal.aborted) return;
      summary.textContent = "";
      fill(list, element("li", {}, problemPanel(error, load)));
    }
  };

  return { element: view, show: load, hide: () => running.abort() };
}

function modelCard({ name, summary, licence, isInstalled, isLoaded, isDefault, dimension, byteCount }) {
  const facts = [
    dimension !== null && counted(dimension, "number a picture", "numbers a picture"),
    byteCount !== null && byteSize(byteCount),
    licence && `licence ${licence}`,
  ];
  return element("li", { class: isInstalled ? "panel model" : "panel model is-absent", "data-model": name },
    element("h2", {}, name),
    element("p", { class: "badges" },
      isDefault && element("span", { class: "badge is-strong" }, "default"),
      isLoaded && element("span", { class: "badge" }, "loaded"),
      element("span", { class: "badge" }, isInstalled ? "installed" : "not here")),
    element("p", {}, summary),
    element("p", { class: "hint" }, ...facts.filter(Boolean).map((fact) => element("span", {}, fact))),
    !isInstalled && element("p", {}, "To have it: ", element("code", {}, `glimpse models pull ${name}`)));
}
