import { render } from "preact";
import { z } from "zod";
import { App } from "./ui/app.tsx";

// The page's policy forbids code made from text, which zod would else try out.
z.config({ jitless: true });

const root = document.getElementById("app");
if (root === null) throw new Error("the page has no #app");
render(<App />, root);
