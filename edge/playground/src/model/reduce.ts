import { typed, type Wanted, withAttributes } from "./attributes.ts";
import { choose, EMPTY, grow, type History, type Recipe, redo, undo, versionAt } from "./history.ts";
import type { Action, Run, State } from "./state.ts";

/** What the page shows after something happened. Pure: effects tell it what came of them. */
export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "access":
      return { ...state, access: action.access };
    case "presets":
      return { ...state, presets: action.presets };
    case "model":
      return { ...state, model: action.model };
    case "photo": {
      const wanted = { ...state.wanted, subject: action.subject ?? state.wanted.subject };
      return { ...fresh(state), photo: action.photo, uploading: 0, wanted };
    }
    case "uploading":
      return { ...state, uploading: state.uploading === null ? null : action.share };
    case "uploaded":
      // another photo may have been chosen meanwhile
      if (state.photo?.url !== action.url) return state;
      return { ...state, uploading: null, photo: { ...state.photo, image: action.image } };
    case "restore": {
      const { photo, history, recipe } = action.kept;
      const restored = { ...withRecipe(fresh(state), recipe), photo, uploading: null };
      const view = history.at === null ? "region" : "result";
      return action.at === history.at
        ? { ...restored, history, view }
        : showing(restored, choose(history, action.at));
    }
    case "close":
      return { ...fresh(state), photo: null, uploading: null };
    case "subject":
      return { ...state, wanted: { ...state.wanted, subject: action.subject } };
    case "draft":
      return { ...state, draft: action.text, view: action.text.trim() === "" ? state.view : "region" };
    case "add": {
      const attributes = withAttributes(state.wanted.attributes, action.attributes);
      const wanted = { subject: action.subject ?? state.wanted.subject, attributes };
      return { ...state, wanted, draft: "", view: "region" };
    }
    case "remove": {
      const attributes = state.wanted.attributes.filter((attribute) => attribute !== action.attribute);
      return { ...state, wanted: { ...state.wanted, attributes }, view: "region" };
    }
    case "plan":
      return { ...state, plan: { ...state.plan, ...action.plan } };
    case "mask": {
      const settings = { ...state.region.settings, ...action.settings };
      return { ...state, region: { ...state.region, settings }, view: "region" };
    }
    case "locate":
      return { ...state, trouble: null, region: { ...state.region, tries: state.region.tries + 1 } };
    case "locating":
      return { ...state, region: { ...state.region, locating: true, fault: null } };
    case "located": {
      const { located, faces = state.region.faces } = action;
      return { ...state, region: { ...state.region, located, faces, locating: false, fault: null } };
    }
    case "unlocated":
      return {
        ...state,
        region: { ...state.region, located: null, locating: false, fault: action.fault },
      };
    case "face":
      return { ...state, strokes: [], view: "region", region: { ...state.region, face: action.face } };
    case "brush":
      return { ...state, brush: { ...state.brush, ...action.brush }, view: "region" };
    case "stroke":
      return { ...state, strokes: [...state.strokes, action.stroke] };
    case "unstroke":
      return { ...state, strokes: state.strokes.slice(0, -1), view: "region" };
    case "restart strokes":
      return { ...state, strokes: [], view: "region" };
    case "view":
      return { ...state, view: action.view };
    case "trouble":
      return { ...state, trouble: action.trouble };
    case "undo":
      return showing(state, undo(state.history));
    case "redo":
      return showing(state, redo(state.history));
    case "choose":
      return showing(state, choose(state.history, action.at));
    default:
      return run(state, action);
  }
}

type RunAction = Extract<Action, { type: "run" | "running" | "ran" | "stopped" }>;

function run(state: State, action: RunAction): State {
  switch (action.type) {
    case "run": {
      const started: Run = {
        recipe: action.recipe,
        parent: state.history.at,
        words: "Sending",
        fraction: null,
        etaMs: null,
        preview: null,
      };
      return { ...state, run: started, wanted: action.recipe.wanted, draft: "", trouble: null };
    }
    case "running":
      return state.run === null ? state : { ...state, run: { ...state.run, ...action.news } };
    case "ran": {
      if (state.run === null) return state;
      const { recipe, parent } = state.run;
      const history = grow(state.history, { id: action.id, parent, recipe, outcome: action.outcome });
      return { ...state, run: null, history, view: "result" };
    }
    case "stopped":
      return { ...state, run: null };
  }
}

/** Nothing of another photo stays but what was asked for. */
const fresh = (state: State): State => ({
  ...state,
  history: EMPTY,
  strokes: [],
  run: null,
  trouble: null,
  view: "region",
  region: { ...state.region, located: null, locating: false, faces: [], face: null, fault: null },
});

/** Shows a version and sets what it was asked for, so that the next edit goes on from there. */
function showing(state: State, history: History): State {
  const version = versionAt(history);
  if (version === null)
    return { ...state, history, draft: "", wanted: bare(state.wanted), strokes: [], view: "region" };
  return { ...withRecipe(state, version.recipe), history, draft: "", view: "result" };
}

const withRecipe = (state: State, { wanted, plan, mask, strokes, face }: Recipe): State => ({
  ...state,
  wanted,
  plan,
  strokes,
  region: { ...state.region, settings: mask, face },
});

const bare = ({ subject }: Wanted): Wanted => ({ subject, attributes: [] });

/** What an edit would be asked for now: the chips, and what is typed. */
export function wantedNow({ wanted, draft }: Pick<State, "wanted" | "draft">): Wanted {
  const { subject, attributes } = typed(draft);
  return {
    subject: subject ?? wanted.subject,
    attributes: withAttributes(wanted.attributes, attributes),
  };
}

/** All that an edit would be asked for now. */
export const recipeNow = (state: State): Recipe => ({
  wanted: wantedNow(state),
  plan: state.plan,
  mask: state.region.settings,
  strokes: state.strokes,
  face: state.region.face,
});
