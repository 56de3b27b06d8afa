// All recommended rules of html-validate but these.
export default {
  extends: ["html-validate:recommended", "html-validate:document"],
  rules: {
    // Style of writing, which no browser and no reader notices.
    "no-trailing-whitespace": "off",
    "doctype-style": "off",
    // A limit of search engines' result lists; chapter and book are both named in a title.
    "long-title": "off",
    // Sheet and script come from the site itself, and the policy of the page lets no others in.
    "require-sri": "off",
    // HTML 4 asked for a letter at the start; HTML allows Furo's "__navigation".
    "valid-id": ["error", { relaxed: true }],
    // Roles on the elements of Furo and docutils mean the same as the elements preferred.
    "prefer-native-element": "off",
    // One field, sent by Enter.
    "wcag/h32": "off",
  },
};
