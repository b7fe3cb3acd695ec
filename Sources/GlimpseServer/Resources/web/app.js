import { acceptPictures } from "./dropped-pictures.js";
import { createDuplicatesView } from "./duplicates-view.js";
import { drawIcons } from "./elements.js";
import { createLibraryView } from "./library-view.js";
import { createModelsView } from "./models-view.js";
import { createPhotoView } from "./photo-view.js";
import { queryAddress } from "./queries.js";
import { createResultsView } from "./results-view.js";
import { followRoutes, navigate, parseRoute } from "./router.js";
import { createSearchBar } from "./search-bar.js";

const viewNames = {
  "": "results", search: "results", similar: "results", dropped: "results",
  duplicates: "duplicates", library: "library", models: "models",
};
const titles = { duplicates: "Duplicates", library: "Library", models: "Models" };
const nothing = queryAddress({ words: "" });

const main = document.getElementById("main");
const searchBar = createSearchBar({ enterResults: () => views.results.focusPicture() });
const views = {
  results: createResultsView({ leaveUpwards: searchBar.focus, showQuery: searchBar.show }),
  duplicates: createDuplicatesView(),
  library: createLibraryView(),
  models: createModelsView(),
};
// The grid below still has the tile of the picture that was seen last, unless another list led there.
const photo = createPhotoView({ onClose: (id) => views.results.focusPicture(id) });
let shown = { name: null, address: null, title: "" };

function show(route) {
  if (route.name === "photo") {
    if (shown.name === null) showView(parseRoute(nothing));
    photo.show(route.detail);
    return;
  }
  if (!(route.name in viewNames)) {
    navigate(nothing, { isReplacing: true });
    return;
  }
  showView(route);
  photo.close();
  document.title = shown.title;
}

function showView(route) {
  // A photo that is closed uncovers what is there already.
  if (route.address === shown.address) return;
  const name = viewNames[route.name];
  const isOther = name !== shown.name;
  const isFirst = shown.name === null;
  if (isOther && !isFirst) views[shown.name].hide();
  const words = titles[name] ?? route.parameters.get("q");
  shown = { name, address: route.address, title: words ? `${words} – Glimpse` : "Glimpse" };
  document.title = shown.title;
  document.body.dataset.view = name;
  if (isOther) {
    main.replaceChildren(views[name].element);
    scrollTo(0, 0);
    for (const link of document.querySelectorAll(".navigation a")) markPresent(link, name);
  }
  if (name !== "results") searchBar.show({ words: "", picture: null, dropped: null, filters: [] });
  views[name].show(route);
  if (isOther && !isFirst && !document.getElementById("search-form").contains(document.activeElement)) {
    main.querySelector("h1").focus({ preventScroll: true });
  }
}

function markPresent(link, name) {
  if (link.dataset.view === name) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}

function followKeys(event) {
  const isTyping = event.target.matches("input, textarea, select");
  const isCovered = document.querySelector("dialog[open]") !== null;
  if (event.key === "/" && !isTyping && !isCovered) {
    event.preventDefault();
    searchBar.focus();
  }
}

drawIcons(document);
document.getElementById("skip-link").addEventListener("click", (event) => {
  // Its address is not one of a view: the focus moves, and the page stays where it is.
  event.preventDefault();
  main.focus();
});
addEventListener("keydown", followKeys);
acceptPictures((number) => navigate(queryAddress({ words: "", dropped: number })));
followRoutes(show);
