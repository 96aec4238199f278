/** Training phrases of mouth, lips, nose and expression. */
import type { Region } from "../../../../../shared/regions.ts";
import { bare, carried } from "./grammar.ts";

export const MOUTH_PHRASES = {
  mouth: [
    ...carried(`
      slightly opened mouth; closed mouth; an open mouth; a closed mouth; the mouth slightly open; the mouth
      wide open; a big mouth; a small mouth; parted lips; an opened mouth; a wide mouth; a large mouth; a tiny
      mouth; a half open mouth; the mouth shut; a shut mouth; the mouth ajar; visible teeth; white teeth;
      crooked teeth; a gap between the teeth; the teeth showing; the tongue out; braces on the teeth; bared
      teeth; lips apart; lips pressed together; an open jaw; the mouth full; a toothless mouth; a yawning
      mouth; a screaming mouth; a singing mouth; a slack mouth; a slack jaw; a sealed mouth; a round open
      mouth; missing teeth; a gold tooth; the jaw open; an astonished open mouth; the mouth open wide in shock`),
    ...bare(`
      {s} opening the mouth; {s} closing the mouth; {s} yawning; {s} shouting; {s} screaming; {s} singing; {s}
      talking; {s} speaking; {s} whistling; {s} chewing; {s} eating; {s} sighing; {s} panting; {s} biting; {s}
      sticking out the tongue; {s} showing the teeth; {s} breathing through the mouth; {s} with mouth open in
      surprise; {s} saying oh; {s} about to speak; open the mouth; close the mouth; {s} calling out; {s}
      whispering; {s} at the dentist; {s} catching breath; {s} inhaling`),
  ],
  lips: [
    ...carried(`
      big lips; red lips; pink lips; full lips; thick lips; thin lips; natural lips; bright red lipstick on
      the lips; purple lips; orange lips; dark lips; pale lips; painted lips; shiny lips; matte lips; dry
      lips; chapped lips; juicy lips; ruby lips; cherry lips; cherry red lips; coral lips; nude lips; burgundy
      lips; maroon lips; wine red lips; pouty lips; fuller lips; bigger lips; thinner lips; puffy lips;
      luscious lips; heart-shaped lips; small lips; wide lips; kissable lips; rose-colored lips; violet lips;
      black lips; colored lips; bold lips; soft lips; moist lips; sensual lips; rosy lips; pursed lips; peach
      lips; enlarged lips; lips done in red; lips like cherries`),
    ...bare(`
      {s} wearing red lipstick; {s} wearing lipstick; {s} wearing pink lipstick; {s} wearing purple lipstick;
      {s} wearing dark red lipstick; {s} wearing orange lipstick; {s} without lipstick; {o} wearing red
      lipstick; add red lipstick; {s} wearing coral lipstick; {s} wearing nude lipstick; {s} wearing black
      lipstick; {s} wearing bright lipstick; {s} wearing matte lipstick; {s} wearing no lipstick; {s} with
      lipstick; {s} putting on lipstick; paint the lips red; remove the lipstick; make the lips bigger; color
      the lips pink; a red-lipped {n}; a thin-lipped {n}; a full-lipped {n}; {s} pouting; {s} wearing burgundy
      lipstick; {s} with a fresh coat of lipstick`),
  ],
  nose: [
    ...carried(`
      a big nose; a pointy nose; a small nose; a wide nose; a narrow nose; a long nose; a short nose; a
      pointed nose; a large nose; a sharp nose; a round nose; a hooked nose; a snub nose; a button nose; a
      crooked nose; a flat nose; an upturned nose; a thin nose; a thick nose; a straight nose; a Roman nose; a
      Greek nose; a huge nose; a tiny nose; a bigger nose; a smaller nose; a turned-up nose; a beaky nose; a
      hawk-like nose; a red nose; a broken nose; a fleshy nose; a bony nose; a high nose bridge; a low nose
      bridge; a bump on the nose; a wide nose tip; a nose ring; a pug nose; a delicate nose; a prominent nose;
      a squashed nose; a nose like an eagle; a nose like a potato; a drooping nose; a piercing in the nose; a
      clown nose`),
    ...bare(`
      give {o} a bigger nose; make the nose smaller; make the nose pointy; a big-nosed {n}; a long-nosed {n};
      {s} after a nose job; the tip of the nose; the bridge of the nose; {s} sniffing; {s} smelling something;
      {s} sneezing`),
  ],
  expression: [
    ...carried(`
      a sad expression; a smile; a happy expression; a big smile; a neutral expression; a serious expression;
      no smile; an angry expression; a surprised expression; a scared expression; a bored expression; a calm
      expression; a friendly expression; a worried expression; a puzzled expression; a disgusted expression; a
      wide smile; a gentle smile; a shy smile; a toothy smile; a smirk; a scowl; a grimace; a sneer; a sulky
      expression; a warm smile; a fake smile; tears of joy; a joyful expression; a beaming smile; a crooked
      smile; an amused expression; an upset expression; a grumpy expression; a shocked expression; a mean
      expression; a facial expression; an emotional expression; a stern expression; an unhappy expression; a
      radiant smile; a smug expression; a tearful expression; a relaxed expression; a polite smile; a smile
      from ear to ear; a gloomy expression; a troubled expression; displeasure; a merry expression`),
    ...bare(`
      a smiling {n}; {s} smiling; a happy {n}; a sad {n}; {s} looking sad; {s} smiling with teeth; make {o}
      smile; an angry {n}; a joyful {n}; a surprised {n}; a grumpy {n}; an unhappy {n}; a worried {n}; a
      serious {n}; a gloomy {n}; a delighted {n}; a jolly {n}; a merry {n}; a scowling {n}; a smirking {n}; a
      beaming {n}; a crying {n}; {s} crying; {s} smirking; {s} chuckling; {s} giggling; {s} beaming; {s}
      scowling; {s} sulking; {s} weeping; {s} looking happy; {s} looking angry; {s} looking surprised; {s} in
      a good mood; {s} in a bad mood; {s} amused by a joke; {s} enjoying a joke; {s} not smiling; make {o}
      sad; a moody {n}; a friendly {n}; an annoyed {n}; a furious {n}; an excited {n}; {s} having fun; a
      disappointed {n}; {s} full of joy; a depressed {n}; an optimistic {n}`),
  ],
} as const satisfies Partial<Record<Region, readonly string[]>>;
