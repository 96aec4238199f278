"""A large vocabulary of facial descriptions, on which the text tower learns from its teacher.

General English for faces, in every combination: it gives the tower its synonyms, so that words
which no caption of the renderer uses still land near the ones it does use.
"""

import random

NOUNS = {
    "beard": "beard;full beard;goatee;stubble;five o'clock shadow;moustache;mustache;whiskers;sideburns;mutton chops;facial hair;van dyke;chin beard;soul patch;chinstrap;bristles;bushy beard;long beard;short beard;trimmed beard",
    "hair": "hair;hairstyle;haircut;hairdo;tresses;locks;curls;waves;ringlets;braid;ponytail;bob;pixie cut;afro;buzz cut;mane;strands;wig;long hair;short hair;curly hair;straight hair;wavy hair;shoulder-length hair;bun;updo;bald head;baldness;shaved head",
    "bangs": "bangs;fringe;forelock;full fringe;blunt bangs;side-swept bangs;hairline;receding hairline;widow's peak;hair over the forehead;hair parting",
    "eyes": "eyes;eye;eyelids;gaze;eyelashes;lashes;closed eyes;open eyes;narrow eyes;wide eyes;eyelid;stare;look",
    "pupils": "pupils;irises;iris;eye colour;eye color;blue eyes;green eyes;brown eyes;hazel eyes;pupil;grey eyes;amber eyes",
    "brows": "eyebrows;brows;eyebrow;brow;thick eyebrows;thin brows;arched eyebrows;bushy brows;unibrow",
    "glasses": "glasses;eyeglasses;spectacles;specs;sunglasses;shades;reading glasses;eyewear;lenses;frames;goggles;monocle;round glasses;square glasses;dark glasses;wire-rimmed glasses;horn-rimmed glasses;bifocals",
    "mouth": "mouth;teeth;open mouth;closed mouth;grin;smile;smirk;frown;pout;laugh;jaw;tongue;toothy smile;closed-mouth smile;bite",
    "lips": "lips;lipstick;lip gloss;lip colour;lip color;full lips;thin lips;red lips;painted lips;lip balm;rouge;lip tint",
    "nose": "nose;nostrils;nose bridge;nose tip;pointed nose;broad nose;snub nose;big nose;small nose;nasal bridge;button nose;hooked nose",
    "cheeks": "cheeks;cheekbones;blush;rosy cheeks;dimples;freckles;flushed cheeks;high cheekbones;rouge on the cheeks;jowls",
    "skin": "skin;complexion;skin tone;wrinkles;tan;pale skin;dark skin;freckled skin;scar;mole;spots;lines;smooth skin;face skin;acne;pimples;suntan;fair skin",
    "chin": "chin;jawline;double chin;cleft chin;pointed chin;jaw;square jaw;lower face;dimpled chin",
    "shape": "face;face shape;oval face;round face;chubby face;slim face;long face;wide face;contour;facial outline;head shape;heart-shaped face;square face",
    "forehead": "forehead;brow lines;forehead wrinkles;high forehead;temples;frown lines;furrowed brow;upper face",
    "undereyes": "bags under the eyes;dark circles;eye bags;under-eye shadows;tired eyes;puffy eyes;under-eye circles;crow's feet;area below the eyes",
    "makeup": "makeup;make-up;eyeshadow;eyeliner;mascara;cosmetics;foundation;heavy makeup;smoky eyes;eye makeup;face paint;powder",
    "expression": "expression;facial expression;mood;emotion;smiling face;sad face;angry look;happy face;neutral expression;surprised look;grinning;laughing;frowning;gasping;blushing;winking;squinting;sleeping;asleep;yawning;crying;cheerfulness;gloom;joy;sorrow;anger;disgust;fear;calm;countenance",
    "other": "hat;cap;beanie;headband;earrings;necklace;scarf;shirt;collar;background;neck;ears;ear;shoulders;portrait;person;man;woman;boy;girl;old man;young woman;gentleman;lady;grandmother;grandfather;child;teenager;elder;photo;picture;painting;drawing;jacket;sweater;t-shirt;suit;tie;headscarf;turban;helmet;crown",
}
COLOURS = "black;brown;dark brown;light brown;blond;blonde;golden;red;ginger;auburn;copper;grey;gray;silver;white;platinum;blue;green;pink;purple;violet;orange;teal;turquoise;magenta;crimson;scarlet;burgundy;hazel;amber;pale;dark;light;bright;nude;coral;peach;plum;rose;chestnut;navy;yellow;beige;tan;olive;fair;deep;strawberry blond;jet black;snow white;raven;sandy;mahogany;wine red;maroon;lavender;cherry"
SHAPES = "long;short;thick;thin;big;small;large;tiny;wide;narrow;round;square;oval;full;bushy;curly;straight;wavy;neat;messy;heavy;light;soft;sharp;strong;smooth;wrinkled;old;young;aged;natural;elegant;stylish;rough;open;closed;happy;sad;angry;surprised;tired;friendly;serious;gentle;warm;cold;shiny;matte;glossy;dense;sparse;trimmed;groomed;wild;pointed;blunt;flat;arched;rosy;freckled;tanned;chubby;slim;bony;plump;feminine;masculine;new;fake;pretty;beautiful;ugly;handsome;delicate;bold;subtle;visible;broad;deep;slight"
TEMPLATES = "{};a {};the {};with {};with a {};wearing {};wearing a {};a person with {};a person with a {};a man with {};a woman with {};a man with a {};a woman wearing {};a man wearing a {};his {};her {};change the {};make the {} {};add {};add a {};remove the {};no {};without {};has {};give her {};give him a {};turn the {} {};portrait of a person with {};a photo of {};a face with {};someone with {};the person's {};more {};less {};{} on the face;the region of the {};the {} area;the {} of a person;where the {} is;around the {};edit the {};{} colour;{} shape;style of the {}"
PEOPLE = "person;man;woman;boy;girl;young man;young woman;old man;old woman;middle-aged man;middle-aged woman;lady;gentleman;elderly man;elderly woman;teenager;adult"


def nouns() -> list[str]:
    return [noun for group in NOUNS.values() for noun in group.split(";")]


def phrases(count: int, more: list[str] | None = None, seed: int = 0) -> list[str]:
    """`count` random facial descriptions, of NOUNS and `more`: bare first, then qualified, then whole sentences."""
    rng = random.Random(seed)
    named = list(dict.fromkeys(more or []))
    things, colours, shapes = nouns(), COLOURS.split(";"), SHAPES.split(";")
    templates, people = TEMPLATES.split(";"), PEOPLE.split(";")

    def thing() -> str:
        kind, noun = rng.random(), rng.choice(things)
        if named and kind < 0.3:
            return rng.choice(named)
        if kind < 0.5 if named else kind < 0.35:
            return noun
        if kind < 0.6:
            return f"{rng.choice(colours)} {noun}"
        if kind < 0.85:
            return f"{rng.choice(shapes)} {noun}"
        return f"{rng.choice(shapes)} {rng.choice(colours)} {noun}"

    def sentence() -> str:
        parts = [thing() for _ in range(rng.choice([1, 1, 2, 2, 3, 4]))]
        joined = parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
        return rng.choice(["a {} with {}.", "a {} with {}", "portrait of a {}, {}", "a {}, {}.", "a {} wearing {}",
                           "photo of a {} who has {}."]).format(rng.choice(people), joined)

    found = dict.fromkeys(things + [template.format(noun, noun) for noun in things for template in templates[:6]])
    while len(found) < count:
        found[sentence() if rng.random() < 0.4
              else rng.choice(templates).format(thing(), rng.choice(shapes + colours))] = None
    return list(found)[:count]
