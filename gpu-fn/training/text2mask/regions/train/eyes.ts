/** Training phrases of the eyes, what is around them and before them. */
import type { Region } from "../../../../../shared/regions.ts";
import { bare, carried } from "./grammar.ts";

export const EYES_PHRASES = {
  under_eyes: [
    ...carried(`
      dark circles under eyes; bags under eyes; bags under the eyes; dark circles under the eyes; eye bags;
      dark circles; tired under eyes; puffy under eyes; wrinkles under the eyes; shadows under the eyes;
      smooth skin under the eyes; puffiness under the eyes; dark rings under the eyes; black rings under the
      eyes; blue rings around the eyes; heavy bags under the eyes; big eye bags; dark eye bags; sunken eyes
      from exhaustion; hollow under eyes; under-eye bags; under-eye circles; under-eye shadows; tear troughs;
      deep tear troughs; fatigue under the eyes; a tired face; a weary face; an exhausted face; signs of
      exhaustion; signs of fatigue; dark patches below the eyes; pouches under the eyes; fine lines under the
      eyes; crow's feet; concealed eye bags; baggy skin below the eyes; a worn-out appearance; rings from a
      night without rest; dark areas beneath the eyes; insomnia; eyes ringed with shadows; an all-nighter
      behind them; a burned-out appearance; a restless night behind them; a lack of rest; puffy skin beneath
      the eyes; puffy bags; dark half-moons under the eyes`),
    ...bare(`
      {s} without bags under the eyes; a tired {n}; a weary {n}; an exhausted {n}; a fatigued {n}; {s} looking
      tired; {s} looking exhausted; {s} looking worn out; {s} who stayed awake all night; {s} after a long
      night; {s} who needs rest; remove the eye bags; {s} without dark circles; an overworked {n}; a
      jet-lagged {n}; an insomniac; the area below the eyes; {s} who worked all night; {s} with a hangover;
      {s} who has not rested; {s} awake for days; {s} kept awake by a baby; {s} working the night shift`),
  ],
  pupils: [
    ...carried(`
      red eye pupils; dilated eye pupils; red pupils; blue eye pupils; green pupils; brown eye pupils; large
      pupils; small pupils; dilated pupils; blue eyes; brown eyes; green eyes; gray eyes; red eyes; black
      eyes; amber eyes; violet eyes; turquoise eyes; golden eyes; dark eyes; light eyes; bright blue eyes;
      dark brown eyes; light green eyes; ice blue eyes; steel gray eyes; purple eyes; yellow eyes; a different
      eye color; a blue eye color; a brown eye color; a green eye color; two-colored eyes; colored contact
      lenses; blue contact lenses; black pupils; wide pupils; tiny pupils; pinpoint pupils; contracted pupils;
      enlarged pupils; cat-like pupils; glowing red pupils; glowing pupils; sapphire eyes; ocean blue eyes;
      honey-colored eyes; chocolate brown eyes; grass green eyes; jade eyes; eyes of a different color; sky
      blue eyes; light brown eyes; a gray eye color; nut brown eyes; mossy green eyes`),
    ...bare(`
      a blue-eyed {n}; a brown-eyed {n}; a green-eyed {n}; a gray-eyed {n}; a dark-eyed {n}; a red-eyed {n};
      change the eye color to blue; make the eyes green; make the pupils bigger; change the eye color; turn
      the eyes brown; {s} wearing colored contact lenses`),
  ],
  eyes: [
    ...carried(`
      large eyes; closed eyes; big eyes; small eyes; narrow eyes; open eyes; the eyes closed; wide open eyes;
      round eyes; eyes shut; half closed eyes; huge eyes; tiny eyes; wide eyes; deep-set eyes; bulging eyes;
      slanted eyes; drooping eyes; cat-shaped eyes; beautiful eyes; narrowed eyes; slit eyes; one eye closed;
      one eye shut; the left eye closed; tightly shut eyes; the eyes half shut; staring eyes; a fixed gaze; a
      wide-eyed stare; crossed eyes; hooded eyes; downturned eyes; upturned eyes; long eyelashes; thick
      eyelashes; short eyelashes; bigger eyes; smaller eyes; doll eyes; oval eyes; teardrop-shaped eyes; foxy
      eyes; puppy eyes; a far-away gaze; narrow slits for eyes; pinched eyes; screwed-up eyes; long oval eyes;
      monolid eyes; wide-set eyes; close-set eyes; prominent eyes; an eye patch`),
    ...bare(`
      a {n} who closes the eyes; {s} closing the eyes; {s} opening the eyes; {s} blinking; {s} staring; {s}
      gazing; {s} peering; {s} glaring; {s} dozing; {s} napping; {s} snoozing; {s} dreaming; {s} resting with
      eyes closed; {s} unconscious; {s} nodding off; {s} in a slumber; a drowsy {n}; a slumbering {n}; {s}
      narrowing the eyes; {s} blinking into the sun; {s} closing one eye; {s} rolling the eyes; {s} peeking;
      close the eyes; open the eyes; make the eyes bigger; a wide-eyed {n}; a big-eyed {n}; {s} blinded by the
      sun; {s} meditating; {s} fainting`),
  ],
  makeup: [
    ...carried(`
      heavy makeup; light makeup; eye shadow and lipstick; glamorous makeup; evening makeup; natural makeup;
      colorful eye shadow makeup; makeup on the face; bold makeup; dramatic makeup; bridal makeup; party
      makeup; stage makeup; smoky eye makeup; full makeup; subtle makeup; fresh makeup; thick makeup;
      theatrical makeup; eye makeup; goth makeup; clown makeup; smudged makeup; eye shadow; blue eye shadow;
      purple eye shadow; glitter eye shadow; eyeliner; eyeliner and lipstick; winged eyeliner; face powder;
      powder and lipstick; a powdered face; a painted face; concealer; concealer and powder; bronzer and
      highlighter; contouring; false eyelashes and eye shadow; face paint; beauty products on the face; a
      beauty treatment; products from a beauty shop; glitter on the face; a professional makeover; a primer
      and a concealer; kohl around the eyes`),
    ...bare(`
      {s} wearing makeup; {s} wearing heavy makeup; {s} wearing light makeup; {s} without makeup; {s} wearing
      no makeup; {s} wearing make-up; {s} wearing eyeliner; {s} wearing eye shadow; {s} wearing face powder;
      {s} wearing a lot of makeup; {s} after a makeover; {s} ready for a party with makeup; a {n} in full
      makeup; add makeup; remove the makeup; give {o} makeup; a heavily painted {n}; {s} at the beauty salon;
      {s} wearing beauty products; a glamorous {n}; {s} putting on makeup; a powdered {n}`),
  ],
  eyeglasses: [
    ...carried(`
      sunglasses; glasses; round glasses; square glasses; eyeglasses; reading glasses; thick glasses; oval
      glasses; red glasses; blue glasses; brown glasses; gold glasses; cat-eye glasses; aviator sunglasses;
      dark sunglasses; mirrored sunglasses; tinted glasses; horn glasses; wire glasses; bifocals; a monocle;
      glass lenses; a pair of lenses; thin metal frames; black frames; plastic frames; large frames; nerd
      glasses; vintage glasses; protective glasses; swimming glasses; ski glasses; safety glasses; 3D glasses;
      prescription glasses; prescription lenses; designer sunglasses; a pince-nez; tortoiseshell glasses;
      hipster glasses; heavy black glasses; glasses with thick frames; tinted lenses; big sunglasses;
      polarized sunglasses; optical glasses; glasses from the optician`),
    ...bare(`
      {s} wearing a pair of glasses; {s} wearing glasses; {s} wearing eyeglasses; {s} wearing sunglasses; {s}
      wearing black glasses; {s} wearing dark glasses; {s} without glasses; {s} wearing no glasses; {o}
      wearing glasses; put glasses on {o}; give {o} glasses; {s} wearing reading glasses; {s} wearing round
      glasses; {s} wearing thick glasses; {s} in glasses; {s} in sunglasses; {s} in dark glasses; {s} wearing
      aviators; {s} wearing Ray-Bans; {s} wearing a monocle; {s} wearing bifocals; {s} wearing frames; {s}
      wearing lenses; {s} wearing horn-framed glasses; {s} wearing thick-framed glasses; {s} wearing safety
      glasses; {s} wearing diving glasses; {s} wearing welding glasses; {s} wearing ski glasses; remove the
      glasses; take off the glasses; add sunglasses; add glasses; {s} dressed with sunglasses; a {n} who is
      near-sighted and wears glasses; {s} wearing 3D glasses; {s} wearing optical lenses; {s} hiding behind
      sunglasses`),
  ],
} as const satisfies Partial<Record<Region, readonly string[]>>;
