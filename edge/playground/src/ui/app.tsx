import { usePlayground } from "../effects/use-playground.ts";
import { Announcer } from "./announcer.tsx";
import { Composer } from "./composer.tsx";
import { Header } from "./header.tsx";
import { HistoryList } from "./history-list.tsx";
import { PlanChoice } from "./plan-choice.tsx";
import { RunBar } from "./run-bar.tsx";
import { Stage } from "./stage.tsx";
import { TokenForm } from "./token-form.tsx";
import { TroubleNote } from "./trouble-note.tsx";
import { useKeptFocus } from "./use-kept-focus.ts";
import { Welcome } from "./welcome.tsx";

export function App() {
  const page = usePlayground();
  const { state, dispatch, photo } = page;
  const main = useKeptFocus<HTMLElement>(`${state.photo === null} ${state.trouble === null}`);
  const dismiss = () => dispatch({ type: "trouble", trouble: null });
  const again = {
    page: () => location.reload(),
    photo: photo.again,
    region: () => dispatch({ type: "locate" }),
    edit: page.run,
  };
  const trouble = <TroubleNote trouble={state.trouble} again={again} dismiss={dismiss} />;
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: a link inside the page, which must leave no step in the browser's history */}
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault(); // no step of the browser's history
          main.current?.focus();
        }}
      >
        Skip to the editor
      </a>
      <Header />
      <main id="main" ref={main} tabIndex={-1}>
        {state.access === "needed" && <TokenForm give={page.give} />}
        {state.photo === null ? (
          <Welcome photo={photo} trouble={trouble} />
        ) : (
          <div class="editor">
            <Stage page={page} shown={state.photo} />
            <div class="panel">
              <Composer page={page} />
              <PlanChoice presets={state.presets} plan={state.plan} dispatch={dispatch} />
              <RunBar page={page} trouble={trouble} />
              <HistoryList
                photo={state.photo}
                history={state.history}
                busy={state.run !== null}
                dispatch={dispatch}
              />
            </div>
          </div>
        )}
      </main>
      <Announcer state={state} />
    </>
  );
}
