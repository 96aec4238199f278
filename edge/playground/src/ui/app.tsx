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
  return (
    <>
      <a class="skip" href="#main">
        Skip to the editor
      </a>
      <Header />
      <main id="main" ref={main} tabIndex={-1}>
        {state.access === "needed" && <TokenForm give={page.give} />}
        {state.photo === null ? (
          <Welcome photo={photo} />
        ) : (
          <div class="editor">
            <Stage page={page} shown={state.photo} />
            <div class="panel">
              <Composer page={page} />
              <PlanChoice presets={state.presets} plan={state.plan} dispatch={dispatch} />
              <RunBar page={page} />
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
      <TroubleNote trouble={state.trouble} again={again} dismiss={dismiss} />
      <Announcer state={state} />
    </>
  );
}
