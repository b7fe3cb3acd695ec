/** The degrees to which two pictures may be the same, from the strictest to the loosest, and what they are. */
export const tiers = {
  identical: "the same bytes",
  copy: "the same picture: encoded anew, scaled, cropped a little",
  burst: "the same scene, seconds apart",
  "look-alike": "another picture that looks much the same",
};
