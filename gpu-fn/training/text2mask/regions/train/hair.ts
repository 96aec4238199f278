/** Training phrases of hair, wherever it grows, and the forehead that it frames. */
import type { Region } from "../../../../../shared/regions.ts";
import { bare, carried } from "./grammar.ts";

export const HAIR_PHRASES = {
  beard: [
    ...carried(`
      a goatee beard; a mustache; a beard; a full beard; a goatee; a long beard; a bushy beard; a gray beard;
      a black beard; a brown beard; a thick beard and a mustache; no beard; facial hair; a short beard; a
      trimmed beard; a neat beard; a scruffy beard; a red beard; a white beard; a blond beard; a curly beard;
      a thin beard; a small beard on the chin; a soul patch; a chin beard; sideburns; long sideburns; mutton
      chops; a handlebar mustache; a pencil mustache; a thin mustache; a walrus mustache; a five o'clock
      shadow; a chinstrap beard; hair on the cheeks and the chin; hair above the mouth; hairy cheeks; a beard
      that covers the jaw; a van dyke beard; bristles; a patchy beard; a lumberjack beard; a wizard's beard; a
      groomed beard; a wild beard; a braided beard; a freshly shaved face; smooth shaved cheeks; a shadow of a
      beard; a two-day beard; growing facial hair; designer facial hair; hair on the jaw; a hairy jaw; a
      prickly jaw; rough hairs on the chin; a jaw covered in hair; bristly cheeks; hairs around the mouth;
      rough bristles on the face`),
    ...bare(`
      a bearded {n}; a clean-shaven {n}; {s} without a beard; give {o} a beard; add a beard; remove the beard;
      a {n} who shaves; a shaved {n}; a mustached {n}; {s} growing a beard; {s} after a shave; {s} wearing a
      beard; {s} wearing a mustache; a hairy-faced {n}; {s} without a mustache; {s} without facial hair; make
      the beard longer; color the beard gray; shave {o}`),
  ],
  hair: [
    ...carried(`
      black hair; straight hair; blond hair; brown hair; dark brown hair; gray hair; white hair; red hair;
      ginger hair; blue hair; pink hair; purple hair; green hair; long hair; short hair; curly hair; wavy
      hair; a bob haircut; hair in a bun; an updo; dyed hair; long black hair; short blond hair; curly red
      hair; a bald head; a shaved head; a haircut; a new haircut; a hairstyle; a buzz cut; a crew cut; a pixie
      cut; a mohawk; an afro; curls; ringlets; braids; braided hair; cornrows; a perm; a topknot; a mane; a
      wild mane; golden hair; copper hair; chestnut hair; platinum hair; strawberry blond hair; jet black
      hair; raven hair; light brown hair; orange hair; salt and pepper hair; highlights; streaks in the hair;
      frizzy hair; thick hair; messy hair; shiny hair; shoulder-length hair; a wig; tied back hair; fluffy
      hair; spiky hair; sleek hair; a short hairdo; waves; long golden curls; bleached hair; colored hair;
      snow white hair; yellow hair; hair down to the shoulders; pinned-up hair; tousled hair; windblown hair;
      loose hair; black curls; brown waves; a blond bob; gray curls; dark hair; fair hair; light hair; natural
      hair; mousy hair; rust-colored hair; flaming hair; teal hair; violet hair; a plait; a long plait; hair
      tied behind the head; flowing hair; hair over the ears; hair behind the ears; hair to the waist; cropped
      hair`),
    ...bare(`
      a blond {n}; a bald {n}; change the hair color to blond; make the hair black; a blonde; a ginger; a
      black-haired {n}; a brown-haired {n}; a red-haired {n}; a gray-haired {n}; a white-haired {n}; a
      dark-haired {n}; a fair-haired {n}; a golden-haired {n}; a curly-haired {n}; a long-haired {n}; a
      short-haired {n}; a blonde bombshell; a ginger {n}; a bleached blonde; a strawberry blonde; a hairless
      {n}; color the hair red; dye the hair pink; turn the hair gray; cut the hair short; make the hair curly;
      {s} after visiting the hairdresser; {s} fresh from the barber; give {o} long hair; give {o} black hair;
      a shaggy {n}; a goldilocks; a graying {n}`),
  ],
  hairline: [
    ...carried(`
      receding hairline; thick hairline; a receding hairline; a high hairline; a low hairline; a thin
      hairline; a full hairline; hair loss at the temples; a balding hairline; a widow's peak hairline; a
      widow's peak; hair loss; a bald spot above the forehead; a retreating hairline; a straight hairline; a
      rounded hairline; a strong hairline; a sparse hairline; an uneven hairline; male pattern baldness; early
      baldness; a hairline that moves back; bald temples; receding temples; hair that recedes; less hair above
      the forehead; a hair transplant; a restored hairline; a lowered hairline; a hairline far back on the
      head; receding hair; a balding head; hair receding at the temples; sparse hair above the temples; a
      V-shaped hairline; the beginnings of baldness; hair getting sparse at the temples; a fading hairline;
      disappearing hair at the temples`),
    ...bare(`
      a balding {n}; {s} without a receding hairline; {s} going bald; {s} who goes bald; {s} becoming bald; a
      {n} whose hair recedes; {s} with the hair receding; make the hairline recede; lower the hairline; the
      edge of the hair above the forehead; fix the hairline; {s} who has begun to go bald; {s} balding at the
      temples; a partly bald {n}`),
  ],
  forehead: [
    ...carried(`
      bangs; forehead wrinkles; straight bangs; side bangs; bangs covering the forehead; long bangs; no bangs;
      a bare forehead; a high forehead; a wrinkled forehead; wrinkles on the forehead; a smooth forehead; hair
      over the forehead; short bangs; curtain bangs; wispy bangs; blunt bangs; choppy bangs; thick bangs;
      side-swept bangs; full bangs; black bangs; blond bangs; curly bangs; baby bangs; bangs down to the eyes;
      parted bangs; feathered bangs; layered bangs; micro bangs; hair hanging over the forehead; hair covering
      the forehead; hair combed onto the forehead; hair cut straight across the forehead; hair hanging into
      the face; a forelock; a cowlick; a wide forehead; a big forehead; a low forehead; a small forehead; an
      uncovered forehead; a covered forehead; a furrowed forehead; a lined forehead; lines across the
      forehead; lines on the forehead; deep forehead lines; worry lines; furrows above the eyes; wrinkles
      above the eyebrows; horizontal wrinkles; a forehead full of lines; age lines on the forehead; a shiny
      forehead; a sweaty forehead; a forehead scar; hair trimmed above the eyebrows; hair trimmed short across
      the forehead; a straight edge of hair above the eyes; a curtain of hair on the forehead; strands of hair
      on the forehead`),
    ...bare(`
      {s} without bangs; give {o} bangs; add bangs; cut bangs; a {n} who wears bangs; {s} wearing bangs;
      remove the bangs; {s} wrinkling the forehead; smooth the forehead; {s} without forehead wrinkles; {s}
      with hair cut in bangs`),
  ],
  eyebrows: [
    ...carried(`
      bushy eyebrows; arched eyebrows; thick eyebrows; thin eyebrows; dark eyebrows; blond eyebrows; black
      eyebrows; gray eyebrows; straight eyebrows; raised eyebrows; high arched eyebrows; heavy eyebrows;
      natural eyebrows; bold eyebrows; full eyebrows; sparse eyebrows; light eyebrows; brown eyebrows; white
      eyebrows; red eyebrows; long eyebrows; short eyebrows; curved eyebrows; rounded eyebrows; angled
      eyebrows; flat eyebrows; groomed eyebrows; tweezed eyebrows; shaped eyebrows; waxed eyebrows; drawn
      eyebrows; pencilled eyebrows; painted eyebrows; connected eyebrows; eyebrows that meet in the middle;
      eyebrows grown together; joined eyebrows; wild eyebrows; shaggy eyebrows; hairy eyebrows; no eyebrows;
      shaved eyebrows; bleached eyebrows; a raised eyebrow; one eyebrow lifted; a cut in the eyebrow; an
      eyebrow piercing; strong eyebrows; perfect eyebrows; low eyebrows; close-set eyebrows; wide-set
      eyebrows; dense hair above the eyes; hair between the eyes; thinned eyebrows; delicate eyebrows`),
    ...bare(`
      {s} raising the eyebrows; {s} lifting an eyebrow; make the eyebrows thicker; give {o} bushy eyebrows;
      {s} without eyebrows; {s} who tweezes the eyebrows; darken the eyebrows; {s} wearing eyebrow pencil; a
      heavy-eyebrowed {n}`),
  ],
} as const satisfies Partial<Record<Region, readonly string[]>>;
