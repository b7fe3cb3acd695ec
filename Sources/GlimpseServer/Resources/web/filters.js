/**
 * The filters of a search, as its address and the API have them.
 *
 * @typedef {[name: string, value: string][]} Filters
 */

const lists = ["under", "exclude"];
const numbers = ["within"];
const switches = ["all"];
const texts = ["since", "until", "camera", "near", "type", "orientation", "size", "model"];
const names = [...texts, ...lists, ...numbers, ...switches];

/**
 * @param {URLSearchParams} parameters - Others than filters are passed over.
 * @returns {Filters}
 */
export function filtersOf(parameters) {
  return [...parameters].filter(([name, value]) => names.includes(name) && value !== "");
}

/**
 * @param {FormData} fields - The fields of the filter form; lists have one value a line.
 * @returns {Filters}
 */
export function filtersOfForm(fields) {
  return names.flatMap((name) => fields.getAll(name)
    .flatMap((value) => (lists.includes(name) ? value.split("\n") : [value]))
    .map((value) => value.trim())
    .filter((value) => value !== "")
    .map((value) => [name, value]));
}

/**
 * @param {Filters} filters
 * @param {string} name
 * @returns {string[]} Every value that the filter of this name has.
 */
export function valuesOf(filters, name) {
  return filters.filter(([other]) => other === name).map(([, value]) => value);
}

/**
 * @param {Filters} filters
 * @param {string} name
 * @param {string} value
 * @returns {Filters} Without this one. A distance means nothing without a place, so it goes with it.
 */
export function withoutFilter(filters, name, value) {
  return filters.filter(([otherName, otherValue]) =>
    !(otherName === name && otherValue === value) && !(name === "near" && otherName === "within"));
}

/**
 * @param {Filters} filters
 * @returns {Object<string, string|string[]|number|boolean>} As members of a JSON body.
 */
export function membersOf(filters) {
  const members = {};
  for (const [name, value] of filters) {
    if (lists.includes(name)) (members[name] ??= []).push(value);
    else if (numbers.includes(name)) members[name] = Number(value);
    else if (switches.includes(name)) members[name] = value === "true";
    else members[name] = value;
  }
  return members;
}

const described = {
  since: (value) => `since ${value}`,
  until: (value) => `until ${value}`,
  under: (value) => `in ${value}`,
  exclude: (value) => `not ${value}`,
  camera: (value) => `camera ${value}`,
  near: (value) => `near ${value}`,
  within: (value) => `within ${value} km`,
  type: (value) => `${value}s only`,
  orientation: (value) => value,
  size: (value) => `size ${value}`,
  model: (value) => `model ${value}`,
  all: () => "unlikely ones too",
};

/**
 * @param {string} name
 * @param {string} value
 * @returns {string} The filter in words, as in "since 2023".
 */
export function filterInWords(name, value) {
  return described[name](value);
}
