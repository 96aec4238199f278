// The documentation: a guide where the address names one, else the contract, with snippets and a form to try each route.
// A key comes behind "#key=" (`npm start` prints such an address) or by "Authorize"; it goes to this service alone, and
// is forgotten with the page.
const GUIDE = /^\/docs\/([a-z-]+)$/.exec(location.pathname)?.[1];
const KEY = /[#&]key=(sk_\w+)/.exec(location.hash)?.[1];
if (KEY !== undefined) history.replaceState(null, "", location.pathname + location.search);

/** The snippets of an operation, with a choice of language that all operations share. */
const snippets = ({ React }) => {
  const h = React.createElement;
  return function Snippets({ samples }) {
    const [language, choose] = React.useState(sessionStorage.getItem("language") ?? "curl");
    const shown = samples.find(({ lang }) => lang === language) ?? samples[0];
    const tab = ({ lang }) =>
      h(
        "button",
        {
          key: lang,
          type: "button",
          "aria-pressed": lang === shown.lang,
          onClick: () => {
            sessionStorage.setItem("language", lang);
            choose(lang);
          },
        },
        lang,
      );
    const copy = h(
      "button",
      { type: "button", className: "copy", onClick: () => navigator.clipboard.writeText(shown.source) },
      "Copy",
    );
    return h(
      "div",
      { className: "snippets" },
      h("div", null, samples.map(tab), copy),
      h("pre", { tabIndex: 0 }, h("code", null, shown.source)),
    );
  };
};

/** Snippets above the answers of each operation. */
const withSnippets = (system) => {
  const Snippets = snippets(system);
  const h = system.React.createElement;
  return {
    wrapComponents: {
      responses: (Original) => (props) => {
        const samples = system
          .getSystem()
          .specSelectors.specJson()
          .getIn(["paths", props.path, props.method, "x-codeSamples"]);
        return h("div", null, samples ? h(Snippets, { samples: samples.toJS() }) : null, h(Original, props));
      },
    },
  };
};

async function showContract() {
  const spec = await (await fetch("/openapi.json")).json();
  const ui = SwaggerUIBundle({
    // what is tried goes to the address that this page came from, which its policy allows
    spec: { ...spec, servers: [{ url: location.origin }] },
    dom_id: "#contract",
    deepLinking: true,
    defaultModelsExpandDepth: 0,
    docExpansion: "list",
    displayRequestDuration: true,
    plugins: [withSnippets],
    validatorUrl: null,
    onComplete: () => KEY !== undefined && ui.preauthorizeApiKey("key", KEY),
  });
}

/** A guide is Markdown beside this script, shown by the reader's own component. */
async function showGuide(name) {
  const answer = await fetch(`/docs/${name}.md`);
  const source = answer.ok ? await answer.text() : "There is no such guide.";
  SwaggerUIBundle({
    spec: {},
    dom_id: "#contract",
    layout: "Guide",
    plugins: [
      ({ React, getSystem }) => ({
        components: {
          Guide: () =>
            React.createElement(
              "article",
              { className: "guide" },
              React.createElement(getSystem().getComponent("Markdown", true), { source }),
            ),
        },
      }),
    ],
  });
}

document.querySelector(`nav a[href="${location.pathname}"]`)?.setAttribute("aria-current", "page");
GUIDE === undefined ? showContract() : showGuide(GUIDE);
