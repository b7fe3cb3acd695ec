/** The icons of the page: outlines on a square of 24 by 24, drawn with the colour of the text around them. */
export const icons = {
  search: "M10.5 17.5a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM15.5 15.5 21 21",
  picture: "M4 5h16v14H4zM4 16l4.5-4.5 4 4 3-3L20 17M15.5 9.5h.01",
  close: "M6 6l12 12M18 6 6 18",
  filter: "M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4",
  duplicates: "M8 8h12v12H8zM16 8V4H4v12h4",
  library: "M3 6h6l2 2.5h10V19H3z",
  models: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  similar: "M9 16a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM15 20a6 6 0 1 0 0-12 6 6 0 0 0 0 12z",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
  check: "M5 12.5l4.5 4.5L19 7.5",
  undo: "M9 6 4 11l5 5M4 11h10a5 5 0 0 1 0 10h-3",
  refresh: "M20 11a8 8 0 0 0-14.5-3.5L4 9M4 4v5h5M4 13a8 8 0 0 0 14.5 3.5L20 15M20 20v-5h-5",
  open: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
};
