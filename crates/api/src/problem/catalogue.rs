//! Every kind of problem there is, in Danish and English. `docs/ERRORS.md` is printed from this table.

use super::fault::Fault;
use crate::language::Language;
use actix_web::http::StatusCode;
use std::fmt::Write as _;

/// A kind of problem.
#[derive(Debug)]
pub struct Kind {
    /// Its code, as in the rules.
    pub code: &'static str,
    /// Its HTTP status.
    pub status: u16,
    danish: [&'static str; 2],
    english: [&'static str; 2],
}

impl Kind {
    /// What it is called.
    #[must_use]
    pub const fn title(&self, language: Language) -> &'static str {
        self.words(language)[0]
    }

    /// What it means, and what to do.
    #[must_use]
    pub const fn detail(&self, language: Language) -> &'static str {
        self.words(language)[1]
    }

    /// Its HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    const fn words(&self, language: Language) -> [&'static str; 2] {
        match language {
            Language::Danish => self.danish,
            Language::English => self.english,
        }
    }
}

const fn kind(
    status: u16,
    code: &'static str,
    danish: [&'static str; 2],
    english: [&'static str; 2],
) -> Kind {
    Kind { code, status, danish, english }
}

/// A fault of ours.
pub const FAILED: Kind = kind(
    500,
    "service.failed",
    [
        "Der skete en fejl hos os",
        "Fejlen er registreret under forespørgslens id. Prøv igen; bliver den ved, så oplys id'et.",
    ],
    [
        "Something went wrong on our side",
        "The fault is recorded under the request's id. Try again; where it stays, tell us the id.",
    ],
);

/// Every kind of problem, by code.
pub const KINDS: &[Kind] = &[
    kind(
        403,
        "access.denied",
        [
            "Det har du ikke ret til",
            "Din rolle eller din adgang til sagen giver ikke ret til dette. Spørg din leder, hvis du skal kunne gøre det.",
        ],
        [
            "You may not do this",
            "Your role or your access to the case does not allow this. Ask your leader if you need to do it.",
        ],
    ),
    kind(
        409,
        "access.holder-not-operational",
        [
            "Enheden arbejder ikke selv med unge",
            "Kun et team, en institution eller en medarbejder kan få adgang til en ung, aldrig en forvaltning.",
        ],
        [
            "The unit does not work with young people itself",
            "Only a team, an institution or an employee can get access to a young person, never a directorate.",
        ],
    ),
    kind(
        403,
        "access.not-passed-on",
        [
            "I kan ikke give den adgang",
            "En enhed, der arbejder med den unge, kan højst give den adgang, den selv har, og kun udvide adgangen for en enhed, der allerede har adgang. Adgang til et bestemt formål, for eksempel et møde, en vejledning eller en indsats, kan ikke gives videre: bed da en enhed, der arbejder med den unge.",
        ],
        [
            "Your unit cannot give this access",
            "A unit that works with the young person gives at most the access that it has itself, and widens it only for a unit that has access already. Access for one purpose, such as a meeting, guidance or an intervention, cannot be passed on: ask a unit that works with the young person.",
        ],
    ),
    kind(
        429,
        "access.too-many-checks",
        [
            "For mange forsøg uden adgang",
            "Du eller din enhed har mange gange slået noget op eller prøvet noget, som I ikke har adgang til. Vent en time, eller til i morgen, hvis det er enheden. Har du brug for adgang til en ung, så kontakt den enhed, der har sagen, eller hotlinen.",
        ],
        [
            "Too many tries without access",
            "You or your unit have many times looked something up, or tried something, without access to it. Wait an hour, or until tomorrow if it is the unit. If you need access to a young person, contact the unit that has the case, or the hotline.",
        ],
    ),
    kind(
        409,
        "action.not-possible",
        [
            "Det kan ikke lade sig gøre",
            "Det skyldes oplysninger, du ikke har adgang til. Kontakt den enhed, der er angivet.",
        ],
        [
            "This is not possible",
            "Information that is not visible to you prevents it. Contact the stated unit.",
        ],
    ),
    kind(
        409,
        "activity-clock.age-out-of-range",
        [
            "Fristerne gælder 15-17-årige",
            "Loven kræver kontakt og en ny aktivitet, når en 15-17-årig ikke følger planen.",
        ],
        [
            "The clocks are for those aged 15 to 17",
            "The law asks for contact and a new activity when a 15-17-year-old does not follow the plan.",
        ],
    ),
    kind(
        409,
        "activity-clock.already-running",
        [
            "Fristerne løber allerede",
            "De er startet før og er ikke opfyldt: se opgaverne om den unge.",
        ],
        [
            "The clocks run already",
            "They were started before and are not met yet: see the tasks about the young person.",
        ],
    ),
    kind(
        409,
        "assignment.already-assigned",
        [
            "Der er allerede én i enheden, der har sagen",
            "Den samme opgave i sagen har højst én i enheden. Overdrag den (`POST /handovers`).",
        ],
        [
            "Somebody of the unit has the case already",
            "At most one of a unit has a case in the same function. Hand it over (`POST /handovers`).",
        ],
    ),
    kind(
        409,
        "assignment.ended",
        ["Tildelingen er afsluttet", "Medarbejderen har ikke længere sagen."],
        ["The assignment has ended", "The employee has the case no longer."],
    ),
    kind(
        409,
        "assignment.not-in-function",
        [
            "Medarbejderen udfører ikke den opgave i enheden",
            "Vælg en, der har den rolle i en af dine enheder, og hvis adgang ikke er stoppet.",
        ],
        [
            "The employee does not do that in the unit",
            "Choose somebody who holds that role in one of your units and whose sign-in is not stopped.",
        ],
    ),
    kind(
        409,
        "assignment.of-another-unit",
        ["Sagen er en anden enheds", "En enhed fordeler og afslutter sine egne sager."],
        ["The case is another unit's", "A unit shares out, and ends, its own cases."],
    ),
    kind(
        409,
        "assignment.running",
        ["Tildelingen er ikke afsluttet", "Kun en afsluttet tildeling kan genoptages."],
        ["The assignment has not ended", "Only one that has ended is reopened."],
    ),
    kind(
        409,
        "benefit.day-out-of-range",
        ["Dagen ligger uden for ydelsen", "Dagen skal ligge mellem `from` og `to`."],
        ["The day lies outside the benefit", "The day has to lie between `from` and `to`."],
    ),
    kind(
        409,
        "benefit.leading-missing",
        [
            "Ingen ydelse er ledende",
            "På hver dag med ydelser er præcis én ledende. Lad først en anden være det (`lead`).",
        ],
        [
            "No benefit leads",
            "On each day with benefits exactly one of them leads. Let another one lead first.",
        ],
    ),
    kind(
        409,
        "benefit.leads-already",
        ["Ydelsen er allerede ledende", "Den afgør målgruppen i hele sin periode."],
        ["The benefit leads already", "It decides the target group for as long as it is had."],
    ),
    kind(
        409,
        "benefit.overlap",
        [
            "Der er allerede en ledende ydelse",
            "På hver dag er højst én ydelse ledende. Afslut den, eller registrér den nye som sideløbende (`leading: false`).",
        ],
        [
            "There is a leading benefit already",
            "On each day at most one benefit leads. End it, or record the new one beside it (`leading: false`).",
        ],
    ),
    kind(
        409,
        "caseload.day-past",
        [
            "Dagen er gået",
            "Normer, vilkår og afløsning gælder fra i dag eller senere, så det, der var, står fast.",
        ],
        [
            "The day has passed",
            "Norms, terms and cover hold from today or later, so that the past stays as it was.",
        ],
    ),
    kind(
        409,
        "caseload.exception-out-of-range",
        [
            "Undtagelsen slutter for sent eller for tidligt",
            "En undtagelse fra normen slutter mellem `from` og `to`, højst 90 dage frem.",
        ],
        [
            "The exception ends too late, or too early",
            "An exception from the norm ends between `from` and `to`, at most 90 days on.",
        ],
    ),
    kind(
        409,
        "caseload.limit-reached",
        [
            "Grænsen for sager er nået",
            "Medarbejderen har så mange sager, normen giver plads til. Vælg en kollega med plads, læg sagen i enhedens indbakke, eller lad teamlederen gøre en undtagelse.",
        ],
        [
            "The limit of cases is reached",
            "The employee has as many cases as the norm has room for. Choose a colleague with room, put the case into the unit's intake, or let the team leader make an exception.",
        ],
    ),
    kind(
        409,
        "catalogue.places-held",
        [
            "Så mange pladser er allerede optaget",
            "Antallet kan ikke sættes lavere, end der er unge, der har eller er lovet en plads.",
        ],
        [
            "That many places are already held",
            "The number cannot be set lower than the number of young people who have or are promised a place.",
        ],
    ),
    kind(
        422,
        "company.cvr-invalid",
        ["Det er ikke et CVR-nummer", "Otte cifre, det første ikke 0, som modulus 11 går op i."],
        ["This is not a CVR number", "Eight digits, the first not 0, that modulus 11 divides."],
    ),
    kind(
        409,
        "correction.coordination-passed",
        [
            "Koordineringen er overgået ved den",
            "En aftale, som koordineringen er overgået ved, annulleres ikke. Aftal en ny overgang.",
        ],
        [
            "The coordination has passed by it",
            "An agreement by which the coordination passed is not voided. Agree on another passing.",
        ],
    ),
    kind(
        409,
        "correction.named-by-later-plan",
        [
            "En senere plan nævner den",
            "Planen er forgænger for en anden. Annullér først den, der nævner den.",
        ],
        [
            "A later plan names it",
            "The plan is the predecessor of another one. Void the one that names it first.",
        ],
    ),
    kind(
        409,
        "correction.others-writing",
        [
            "En anden enhed har skrevet noget af det",
            "Noget, der hænger på det, er skrevet af en anden enhed. Den retter sit eget først.",
        ],
        [
            "Another unit wrote some of it",
            "Something that hangs on it was written by another unit, which corrects its own first.",
        ],
    ),
    kind(
        409,
        "cover.already-covered",
        [
            "Afløsningen er allerede besluttet",
            "Den samme kollega afløser allerede i nogle af dagene.",
        ],
        [
            "The cover is decided already",
            "The same colleague covers on some of these days already.",
        ],
    ),
    kind(
        409,
        "cover.days-out-of-range",
        [
            "Afløsningens dage passer ikke",
            "Den sidste dag ligger på eller efter den første, højst et år frem.",
        ],
        [
            "The days of the cover do not fit",
            "The last day is the first one or later, at most a year on.",
        ],
    ),
    kind(
        409,
        "cover.ended",
        ["Afløsningen er slut", "Den er afsluttet, eller dens sidste dag er gået."],
        ["The cover is over", "It was ended, or its last day has passed."],
    ),
    kind(
        409,
        "disclosure.already-answered",
        ["Svaret er allerede registreret", "Skolens svar registreres én gang og ændres ikke."],
        [
            "The answer is recorded already",
            "The school's answer is recorded once, and not changed.",
        ],
    ),
    kind(
        409,
        "disclosure.already-received",
        [
            "Kvitteringen er allerede registreret",
            "Skolens kvittering registreres én gang og ændres ikke.",
        ],
        [
            "The receipt is recorded already",
            "The school's receipt is recorded once, and not changed.",
        ],
    ),
    kind(
        409,
        "disclosure.day-out-of-range",
        [
            "Dagen passer ikke",
            "Skolens kvittering eller svar er kommet mellem `from` (dagen, hvor skolen fik det at vide) og `to` (i dag).",
        ],
        [
            "The day does not fit",
            "The school's receipt or answer came between `from` (the day it was told) and `to` (today).",
        ],
    ),
    kind(
        409,
        "employee.employment-ended",
        ["Ansættelsen er afsluttet", "En afsluttet ansættelse åbnes ikke igen. Ansæt på ny."],
        [
            "The employment has ended",
            "An employment that has ended is not opened again. Employ anew.",
        ],
    ),
    kind(
        409,
        "employee.has-open-cases",
        [
            "Medarbejderen har sager",
            "Overdrag sager og udkast til planer, før ansættelsen afsluttes. Adgangen kan altid stoppes.",
        ],
        [
            "The employee has open cases",
            "Hand cases and draft plans over before the employment ends. The sign-in can always be stopped.",
        ],
    ),
    kind(
        409,
        "employee.last-administrator",
        [
            "Der er kun én administrator",
            "Giv først en anden medarbejder rollen som administrator. Er der ingen, der kan gøre det, kan driften udpege en ny administrator.",
        ],
        [
            "This is the only administrator",
            "First give another employee the role of administrator. If nobody can do that, an operator of the service can appoint one.",
        ],
    ),
    kind(
        409,
        "employee.not-stopped",
        ["Medarbejderens adgang er ikke stoppet", "Der er intet at åbne igen."],
        ["The employee's sign-in is not stopped", "There is nothing to open again."],
    ),
    kind(
        409,
        "employee.own-rights",
        [
            "Ingen ændrer sine egne rettigheder",
            "Roller og login ændres af en anden end den, de gælder.",
        ],
        [
            "Nobody changes their own rights",
            "Roles and sign-ins are changed by somebody other than the one they belong to.",
        ],
    ),
    kind(
        409,
        "employee.role-already-held",
        ["Rollen er allerede givet", "Medarbejderen har allerede denne rolle i enheden."],
        ["The role is already held", "The employee holds this role in the unit already."],
    ),
    kind(
        409,
        "employee.stopped",
        [
            "Medarbejderens adgang er stoppet",
            "Åbn adgangen igen, før medarbejderen får en ny adgangssætning.",
        ],
        [
            "The employee's sign-in is stopped",
            "Open the sign-in again before the employee gets a new pass phrase.",
        ],
    ),
    kind(
        409,
        "employee.username-taken",
        ["Brugernavnet er taget", "Vælg et andet brugernavn."],
        ["The user name is taken", "Choose another user name."],
    ),
    kind(
        409,
        "episode.already-told",
        [
            "Dagen er allerede oplyst",
            "En dag, der er oplyst, bliver stående, og det, der er slut, er slut. En ny periode registreres for sig.",
        ],
        [
            "The day is told already",
            "A day that was told stays, and what has ended has ended. What begins anew is recorded on its own.",
        ],
    ),
    kind(
        409,
        "episode.days-contradict",
        [
            "Dagene passer ikke sammen",
            "Mindst én dag før afslutningen, dagene i rækkefølge, og enten `completedOn` (efter `startedOn`) eller `droppedOutOn`.",
        ],
        [
            "The days do not go together",
            "At least one day before an end, the days in their order, and either `completedOn` (after `startedOn`) or `droppedOutOn`.",
        ],
    ),
    kind(
        409,
        "external-participant.ended",
        [
            "Deltageren er ikke længere med",
            "Efter den dag sendes intet mere til deltageren, og deltagelsen afsluttes ikke igen.",
        ],
        [
            "The participant takes part no longer",
            "After that day nothing more is sent to them, and they are not ended again.",
        ],
    ),
    kind(
        409,
        "external-participant.no-basis",
        [
            "Der er intet samtykke til det",
            "Samtykket dækker ikke dette område, eller det gælder ikke den dag. Uden samtykke sendes kun efter lov eller nødvendighed, med en begrundelse.",
        ],
        [
            "No consent covers it",
            "The consent does not cover this area, or does not hold on that day. Without one only what a law or necessity gives grounds for is sent, with the reason.",
        ],
    ),
    kind(
        409,
        "external-participant.no-consent",
        [
            "Der er intet samtykke at trække tilbage",
            "Deltagelsen hviler ikke på et samtykke, eller det er allerede trukket tilbage.",
        ],
        [
            "There is no consent to withdraw",
            "The participation does not rest on a consent, or it is withdrawn already.",
        ],
    ),
    kind(
        409,
        "follow-up.already-taken",
        ["Status er allerede taget", "Status tages én gang efter hver afgang."],
        ["The state is taken already", "The state is taken once after each leaving."],
    ),
    kind(
        409,
        "follow-up.not-left",
        [
            "Den unge gik ikke ud den dag",
            "`leftOn` er den første dag uden for målgruppe 1-3 eller den dag, planen blev lukket.",
        ],
        [
            "Nothing was left on that day",
            "`leftOn` is the first day outside target group 1 to 3, or the day the plan was closed.",
        ],
    ),
    kind(
        409,
        "follow-up.not-told",
        [
            "Forløbet fortæller ikke, hvad status er",
            "Ydelser, uddannelse, arbejde og bopæl fortæller intet eller for meget om dagen `dueOn`. Spørg, og send `state`.",
        ],
        [
            "The state is not told",
            "Benefits, education, work and residence tell nothing, or too much, of the day `dueOn`. Ask, and send `state`.",
        ],
    ),
    kind(
        409,
        "follow-up.too-early",
        ["Der er ikke gået seks måneder", "Status tages fra `dueOn`."],
        ["Six months have not passed", "The state is taken from `dueOn` on."],
    ),
    kind(
        409,
        "goal.progress-already-told",
        [
            "Fremskridtet er allerede meldt den dag",
            "Hver stemme har ét tal om dagen for hvert mål, og det, der er meldt, ændres ikke.",
        ],
        [
            "The progress was told that day already",
            "Each voice has one score a day for each goal, and what was told is not changed.",
        ],
    ),
    kind(
        409,
        "group.already-member",
        [
            "Indsatsen er allerede på et hold",
            "En indsats er på ét hold ad gangen. Afslut det andet medlemskab først.",
        ],
        [
            "The intervention is in a group already",
            "An intervention is in one group at a time. End the other membership first.",
        ],
    ),
    kind(
        409,
        "group.another-offer",
        [
            "Holdet hører til et andet tilbud",
            "Et hold for et tilbud tager kun indsatser fra det tilbud.",
        ],
        [
            "The group is of another offer",
            "A group of an offer takes only interventions of that offer.",
        ],
    ),
    kind(
        409,
        "group.another-provider",
        [
            "Holdet er en anden udbyders",
            "Et hold tager kun indsatser, som dets egen enhed udbyder.",
        ],
        [
            "The group is another provider's",
            "A group takes only interventions that its own unit provides.",
        ],
    ),
    kind(
        409,
        "group.full",
        ["Holdet er fuldt", "Holdet tager højst `size` på samme tid."],
        ["The group is full", "The group takes `size` at the same time at most."],
    ),
    kind(
        409,
        "group.members-beyond",
        [
            "Holdet har flere medlemmer",
            "Holdet har `members` medlemmer. Afslut medlemskaber først.",
        ],
        ["The group has more members", "The group has `members` members. End memberships first."],
    ),
    kind(
        409,
        "group.over",
        [
            "Holdet er slut",
            "Holdets sidste dag er gået, og det ændres ikke mere. Opret et nyt hold.",
        ],
        ["The group is over", "Its last day has passed, and it changes no more. Set up a new one."],
    ),
    kind(
        409,
        "guardian.of-age",
        [
            "Den unge er fyldt 18",
            "Værger og forældre registreres og ændres kun, mens den unge er under 18.",
        ],
        [
            "The young person is of age",
            "Guardians are recorded and changed only while the young person is under 18.",
        ],
    ),
    kind(
        409,
        "handover.same-employee",
        ["Sagen ligger allerede dér", "En sag overdrages til en anden end den, der har den."],
        [
            "The case is there already",
            "A case is handed over to somebody other than the one who has it.",
        ],
    ),
    kind(
        409,
        "hotline.already-linked",
        [
            "Henvendelsen er knyttet før",
            "Skal den knyttes igen, til en anden eller til ingen, så skriv en `reason`.",
        ],
        [
            "The contact was tied before",
            "To tie it again, to another one or to nobody, write a `reason`.",
        ],
    ),
    kind(
        409,
        "hotline.another-owner",
        [
            "Henvendelsen er en andens",
            "Den, der har taget den (`ownerId`), besvarer den. Ellers åbn den igen med en begrundelse, og tag den.",
        ],
        [
            "The contact is another's",
            "Whoever took it (`ownerId`) answers it. Else open it again with a reason, and take it.",
        ],
    ),
    kind(
        409,
        "hotline.concern-of-age",
        [
            "Underretningen gælder en, der er fyldt 18",
            "En underretning gælder en, der ikke er fyldt 18, eller et ufødt barn.",
        ],
        [
            "The concern is about somebody of age",
            "A notification of concern is about somebody under 18, or an unborn child.",
        ],
    ),
    kind(
        409,
        "hotline.concern-unhandled",
        [
            "Underretningen er ikke færdigbehandlet",
            "`missing` siger, hvad der mangler, før den kan lukkes: vurdering (`assess`), kvittering (`receipt`).",
        ],
        [
            "The concern is not handled yet",
            "`missing` says what has to be done before it is closed: `assess`, `receipt`.",
        ],
    ),
    kind(
        409,
        "hotline.moment-out-of-range",
        ["Tidspunktet passer ikke", "Opkaldet er sket mellem `from` (et år tilbage) og `to` (nu)."],
        ["The moment does not fit", "The call was between `from` (a year ago) and `to` (now)."],
    ),
    kind(
        409,
        "hotline.step-not-allowed",
        [
            "Det trin kan henvendelsen ikke tage nu",
            "`state` er, hvor henvendelsen er, og `step` det trin, der blev bedt om.",
        ],
        [
            "The contact cannot take that step now",
            "`state` is where the contact is, and `step` the one that was asked for.",
        ],
    ),
    kind(
        409,
        "intake.already-waiting",
        ["Den unge ligger allerede i enhedens indbakke", "Én gang for hver opgave er nok."],
        ["The young person lies in the unit's intake already", "Once for each function is enough."],
    ),
    kind(
        409,
        "intake.left",
        ["Den unge ligger ikke længere i indbakken", "Sagen er tildelt eller taget ud."],
        ["The young person is in the intake no longer", "The case was assigned or taken out."],
    ),
    kind(
        409,
        "intervention.already-accepted",
        ["Henvisningen er allerede godkendt", "Udbyderen har sagt ja. Et nej kan stadig gives."],
        ["The referral is accepted already", "The provider has said yes. It may still be refused."],
    ),
    kind(
        409,
        "intervention.already-running",
        [
            "Indsatsen er allerede i gang",
            "Den unge har allerede dette tilbud, og kataloget siger ikke, at det kan gentages samtidig.",
        ],
        [
            "The intervention is already running",
            "The young person has this offer already, and the catalogue does not say that it repeats.",
        ],
    ),
    kind(
        409,
        "intervention.assessment-missing",
        [
            "Der mangler en målgruppevurdering",
            "Tilbuddet begynder først, når UU's nyeste målgruppevurdering siger ja.",
        ],
        [
            "A target-group assessment is missing",
            "The offer starts only where UU's newest target-group assessment says yes.",
        ],
    ),
    kind(
        409,
        "intervention.company-missing",
        [
            "Virksomheden mangler",
            "En virksomhedsrettet indsats nævner sin virksomhed, før den begynder.",
        ],
        [
            "The company is missing",
            "A company-oriented intervention names its company before it starts.",
        ],
    ),
    kind(
        409,
        "intervention.day-out-of-range",
        ["Dagen passer ikke", "Trinnet kan kun meldes for en dag mellem `from` og `to`."],
        ["The day does not fit", "The step can only be told for a day between `from` and `to`."],
    ),
    kind(
        409,
        "intervention.no-place",
        [
            "Der er ingen ledig plads",
            "Alle pladser er optaget eller lovet, eller nogen står i kø. Henvis med `onNoPlace: wait` for at stille den unge i kø.",
        ],
        [
            "There is no free place",
            "Every place is taken or promised, or somebody waits. Refer with `onNoPlace: wait` to put the young person in line.",
        ],
    ),
    kind(
        409,
        "intervention.not-accepted",
        [
            "Udbyderen har ikke godkendt henvisningen",
            "Tilbuddet begynder først, når udbyderens visitation har sagt ja.",
        ],
        [
            "The provider has not accepted the referral",
            "The offer starts only after the provider's visitation has said yes.",
        ],
    ),
    kind(
        409,
        "intervention.reason-needed",
        [
            "Der skal en begrundelse til",
            "`outside` siger, hvor henvisningen ligger uden for tilbuddets rammer: alder (`age`), målgruppe (`target-group`), varighed (`length`). Skriv en `reason`.",
        ],
        [
            "A reason is needed",
            "`outside` says in what the referral lies outside the offer: `age`, `target-group`, `length`. Write a `reason`.",
        ],
    ),
    kind(
        409,
        "intervention.step-not-allowed",
        [
            "Det trin kan indsatsen ikke tage nu",
            "`state` er, hvor indsatsen er, og `step` det trin, der blev bedt om.",
        ],
        [
            "The intervention cannot take that step now",
            "`state` is where the intervention is, and `step` the one that was asked for.",
        ],
    ),
    kind(
        409,
        "journal.moment-out-of-range",
        [
            "Tidspunktet passer ikke",
            "Det, der noteres, er sket mellem `from` (et år tilbage) og `to` (nu).",
        ],
        [
            "The moment does not fit",
            "What is written down took place between `from` (a year ago) and `to` (now).",
        ],
    ),
    kind(
        409,
        "legal-basis.not-valid",
        [
            "Paragraffen gælder ikke",
            "Vælg en paragraf, der gælder den dag og for den unges alder. Se /legal-bases.",
        ],
        [
            "The legal basis does not apply",
            "Choose a legal basis that is in force on that day and applies to the young person's age. See /legal-bases.",
        ],
    ),
    kind(
        409,
        "meeting-calendar.in-use",
        ["Der er planlagt et møde", "Der er planlagt et møde i det. Flyt eller aflys mødet først."],
        ["A meeting is planned", "A meeting is planned in it. Move or cancel the meeting first."],
    ),
    kind(
        409,
        "meeting-calendar.withdrawn",
        [
            "Tiden eller lokalet er taget tilbage",
            "Det kan ikke bookes længere. Hent de ledige tider igen.",
        ],
        [
            "The slot or the room is withdrawn",
            "It cannot be booked any more. Read the free slots again.",
        ],
    ),
    kind(
        409,
        "meeting-room.already-told",
        ["Lokalet findes allerede", "Der er allerede et lokale af det navn på det sted."],
        ["The room is told already", "There is a room of that name in that place already."],
    ),
    kind(
        409,
        "meeting-slot.overlaps",
        [
            "To mødetider i samme lokale",
            "En af tiderne ligger oven i en anden i samme lokale. Ingen af dem er oprettet.",
        ],
        [
            "Two slots in one room",
            "One of the slots lies over another one in its room. None of them was offered.",
        ],
    ),
    kind(
        409,
        "meeting-slot.time-out-of-range",
        [
            "Tiden passer ikke i vinduet",
            "En mødetid ligger forude inden for vinduets dage og varer 15 minutter til 4 timer.",
        ],
        [
            "The slot does not fit the window",
            "A slot lies ahead within the days of its window, and lasts 15 minutes to 4 hours.",
        ],
    ),
    kind(
        409,
        "meeting-window.days-out-of-range",
        [
            "Vinduet er for langt",
            "Et vindue er på højst to uger, og dets sidste dag ligger ikke før den første.",
        ],
        [
            "The window is too long",
            "A window is two weeks at most, and its last day is not before its first.",
        ],
    ),
    kind(
        409,
        "meeting-window.overlaps",
        [
            "Der er et vindue i forvejen",
            "To mødevinduer overlapper ikke. Læg tiderne i det, der er.",
        ],
        [
            "There is a window already",
            "Two windows do not overlap. Offer the slots in the one there is.",
        ],
    ),
    kind(
        409,
        "meeting-window.two-a-year",
        [
            "Årets to vinduer er fastsat",
            "Der er to mødevinduer om året, regnet efter deres første dag.",
        ],
        [
            "The two windows of the year are set",
            "There are two windows a year, by their first day.",
        ],
    ),
    kind(
        409,
        "meeting.absence-without-reason",
        [
            "En kommunal part udeblev uden grund",
            "Kommunens egne har pligt til at komme: skriv, hvorfor de i `participants` udeblev.",
        ],
        [
            "Somebody of the municipality stayed away without a reason",
            "It is their duty to come: tell why those in `participants` stayed away.",
        ],
    ),
    kind(
        409,
        "meeting.already-booked",
        [
            "Der er allerede et møde",
            "Der er allerede et planlagt møde af den slags. Flyt det, eller aflys det først.",
        ],
        [
            "There is a meeting already",
            "A meeting of that kind is planned already. Move it, or cancel it first.",
        ],
    ),
    kind(
        409,
        "meeting.double-booked",
        [
            "Optaget på det tidspunkt",
            "`taken` er allerede i et andet møde. `nextFree` er de næste op til tre tider, der passer alle.",
        ],
        [
            "Taken at that time",
            "`taken` are in another meeting already. `nextFree` are the next slots, up to three, that suit all.",
        ],
    ),
    kind(
        409,
        "meeting.need-not-open",
        [
            "Der er intet at mødes om nu",
            "Behovet er ikke åbent (endnu eller længere); et andet netværksmøde holdes, når barnet er født.",
        ],
        [
            "There is nothing to meet about now",
            "The need is not open, yet or any more; the second network meeting is held once the child is born.",
        ],
    ),
    kind(
        409,
        "meeting.not-begun",
        [
            "Mødet er ikke begyndt",
            "Det kan fortælles, at mødet er holdt, når det er begyndt (`startsAt`).",
        ],
        ["The meeting has not begun", "That it was held is told once it has begun (`startsAt`)."],
    ),
    kind(
        409,
        "meeting.not-complete",
        [
            "Der mangler noget i referatet",
            "At mødet er holdt, er også `lacks`: hvem der kom (en fra hver side), emner, en afgørelse og hvem der modtager.",
        ],
        [
            "The minutes are not complete",
            "That it was held means `lacks`, too: who came (of each side), the topics, a decision, and who receives.",
        ],
    ),
    kind(
        409,
        "meeting.outside-window",
        [
            "Uden for mødevinduerne",
            "Kun et møde, der er akut, overskredet eller flyttet på grund af sygdom, holdes uden for vinduerne.",
        ],
        [
            "Outside the windows",
            "Only a meeting that is acute, overdue or moved for illness is held outside the windows.",
        ],
    ),
    kind(
        409,
        "meeting.party-missing",
        [
            "En part mangler",
            "Indkald en fra hver side, hver sin: `missing`. Den afsendende enhed, en modtagende i Job & Velfærd, og UU.",
        ],
        [
            "A party is missing",
            "Call somebody of each side, each another one: `missing`. Of the sending unit, of a receiving one in J&V, and of UU.",
        ],
    ),
    kind(
        409,
        "meeting.step-not-allowed",
        ["Det kan mødet ikke nu", "Et møde, der er holdt eller aflyst, bliver ved det (`state`)."],
        [
            "The meeting does not do that now",
            "A meeting that was held or cancelled stays so (`state`).",
        ],
    ),
    kind(
        409,
        "meeting.time-out-of-range",
        [
            "Tidspunktet passer ikke",
            "Et møde begynder frem i tiden (`from`), inden for to år (`to`), og varer 15 minutter til 4 timer.",
        ],
        [
            "The time does not fit",
            "A meeting begins ahead (`from`), within two years (`to`), and lasts 15 minutes to 4 hours.",
        ],
    ),
    kind(
        409,
        "meeting.without-young-person",
        [
            "Mødet er uden den unge",
            "Til et sparringsmøde indkaldes hverken den unge eller forældrene.",
        ],
        [
            "The meeting is without the young person",
            "Neither the young person nor their guardians are called to a sparring meeting.",
        ],
    ),
    kind(
        409,
        "meeting.young-person-not-invited",
        [
            "Den unge er ikke indkaldt",
            "Et overgangsmøde holdes ikke uden at den unge har været indkaldt.",
        ],
        [
            "The young person was not called",
            "A transition meeting is not held without the young person having been called.",
        ],
    ),
    kind(
        409,
        "merge.later-merge",
        [
            "En senere sammenlægning kommer først",
            "Den unge er siden lagt sammen med en til. Fortryd den seneste sammenlægning først.",
        ],
        [
            "A later merge comes first",
            "The young person was merged with another one since. Undo the latest merge first.",
        ],
    ),
    kind(
        409,
        "merge.two-open-plans",
        [
            "Begge har en åben plan",
            "Der er én plan for hver ung. Luk den ene først; det, der løber i den, kan føres videre (`carryOn`).",
        ],
        [
            "Both have an open plan",
            "There is one plan for each young person. Close one first; what runs in it can be carried on (`carryOn`).",
        ],
    ),
    kind(
        409,
        "network-meeting.already-ended",
        ["Netværksmøderne er afsluttet", "Der holdes ikke flere netværksmøder om den graviditet."],
        [
            "The network meetings have ended",
            "There are no more network meetings about that pregnancy.",
        ],
    ),
    kind(
        409,
        "network-meeting.already-registered",
        [
            "Graviditeten er allerede registreret",
            "Der er allerede netværksmøder i gang om en graviditet.",
        ],
        [
            "The pregnancy is registered already",
            "There are network meetings about a pregnancy already.",
        ],
    ),
    kind(
        409,
        "network-meeting.birth-told",
        ["Fødslen er meldt", "Den er meldt én gang og bliver stående."],
        ["The birth is told", "It is told once, and stays."],
    ),
    kind(
        409,
        "network-meeting.day-out-of-range",
        ["Dagen passer ikke", "Barnet er født, eller møderne sluttede, mellem `from` og `to`."],
        [
            "The day does not fit",
            "The child was born, or the meetings ended, between `from` and `to`.",
        ],
    ),
    kind(
        404,
        "not-found",
        ["Findes ikke", "Der er intet her, eller det er ikke for dig."],
        ["Not found", "There is nothing here, or it is not for you."],
    ),
    kind(
        409,
        "participation.interventions-running",
        [
            "Enheden har indsatser i gang",
            "Enheden eller en af dens medarbejdere står for indsatser, der er i gang. Afslut indsatserne, eller lad en anden overtage dem, før enheden forlader planen.",
        ],
        [
            "The unit has running interventions",
            "The unit provides interventions that are running, or one of its employees is responsible for them. End them, or let somebody else take them over, before the unit leaves the plan.",
        ],
    ),
    kind(
        409,
        "plan.already-open",
        [
            "Den unge har allerede en åben plan",
            "Der er én fælles plan for hver ung. Deltag i den, der er.",
        ],
        [
            "The young person has an open plan already",
            "There is one joint plan for each young person. Take part in the one there is.",
        ],
    ),
    kind(
        409,
        "plan.already-participating",
        ["Enheden deltager allerede", "Enheden deltager allerede i planen."],
        ["The unit takes part already", "The unit takes part in the plan already."],
    ),
    kind(
        409,
        "plan.closed",
        ["Planen er lukket", "En lukket plan ændres ikke. Åbn en ny, der nævner den gamle."],
        ["The plan is closed", "A closed plan changes no more. Open a new one that names the old."],
    ),
    kind(
        409,
        "plan.contact-person-not-offered",
        [
            "En kontaktperson er ikke tilbudt",
            "Hvor to eller flere enheder arbejder med den unge, tilbydes en kontaktperson; et nej noteres.",
        ],
        [
            "A contact person was not offered",
            "Where two units or more work with the young person a contact person is offered; a refusal is recorded.",
        ],
    ),
    kind(
        409,
        "plan.coordinator-missing",
        [
            "Planen mangler en koordinerende sagsbehandler",
            "En aktiv plan har præcis én koordinerende sagsbehandler, som kan logge ind og har adgang til den unge.",
        ],
        [
            "The plan lacks a coordinating caseworker",
            "An active plan has exactly one coordinating caseworker, who can sign in and has access to the young person.",
        ],
    ),
    kind(
        409,
        "plan.coordinator-without-case",
        [
            "Den koordinerende sagsbehandler skal have sagen",
            "Den, der koordinerer en aktiv plan, skal have sagen i en enhed, der deltager i planen. Vælg først en ny koordinator, eller overdrag sagen til en kollega, der kan koordinere.",
        ],
        [
            "The coordinating caseworker must have the case",
            "The employee who coordinates an active plan must have the case in a unit that takes part in the plan. First name another coordinator, or hand the case over to a colleague who may coordinate.",
        ],
    ),
    kind(
        409,
        "plan.day-out-of-range",
        [
            "Dagen passer ikke",
            "Det kan kun meldes for en dag mellem `from` (26 uger før planen blev åbnet) og `to` (i dag).",
        ],
        [
            "The day does not fit",
            "It can only be told for a day between `from` (26 weeks before the plan was opened) and `to` (today).",
        ],
    ),
    kind(
        409,
        "plan.department-missing",
        ["Ingen forvaltning koordinerer", "En åben plan har altid en koordinerende forvaltning."],
        ["No department coordinates", "An open plan always has a coordinating department."],
    ),
    kind(
        409,
        "plan.exemption-out-of-range",
        [
            "Fritagelsen af planen slutter på en forkert dag",
            "Den slutter tidligst i dag og senest om 26 uger.",
        ],
        [
            "The exemption of the plan ends on a wrong day",
            "It ends today at the earliest, and 26 weeks ahead at the latest.",
        ],
    ),
    kind(
        409,
        "plan.interventions-running",
        [
            "Der er indsatser i gang",
            "Afslut indsatserne, eller giv dem til en navngiven enhed, der fører dem videre (`carryOn`).",
        ],
        [
            "Interventions are running",
            "End the interventions, or give them to a named unit that carries them on (`carryOn`).",
        ],
    ),
    kind(
        409,
        "plan.not-active",
        [
            "Planen er ikke aktiv",
            "Kun det, der ikke kan vente, begynder i en kladde. Aktivér planen først.",
        ],
        [
            "The plan is not active",
            "Only what cannot wait begins in a draft. Activate the plan first.",
        ],
    ),
    kind(
        409,
        "plan.not-ready",
        [
            "Planen er ikke klar",
            "`missing` siger, hvad der mangler: et mål, den unges egne ord (eller hvordan der blev spurgt), en koordinerende sagsbehandler, et svar om kontaktperson.",
        ],
        [
            "The plan is not ready",
            "`missing` says what is missing: a goal, the young person's own words (or how they were asked), a coordinating caseworker, an answer about a contact person.",
        ],
    ),
    kind(
        409,
        "plan.previous-not-closed",
        [
            "Den tidligere plan er ikke lukket",
            "En ny plan kan kun genåbne en lukket plan for samme unge.",
        ],
        [
            "The previous plan is not closed",
            "A new plan can only reopen a closed plan of the same young person.",
        ],
    ),
    kind(
        409,
        "plan.review-out-of-range",
        [
            "Dagen for næste opfølgning passer ikke",
            "Den næste opfølgning ligger mellem `from` (i dag) og `to` (26 uger frem).",
        ],
        [
            "The day of the next review does not fit",
            "The next review lies between `from` (today) and `to` (26 weeks ahead).",
        ],
    ),
    kind(
        409,
        "plan.review-overdue",
        [
            "Opfølgningen skulle have været holdt",
            "Næste opfølgning skulle holdes `since`; den næste aftales, når den er holdt.",
        ],
        [
            "The review is overdue",
            "The next review was due on `since`; another one is set by holding it.",
        ],
    ),
    kind(
        409,
        "plan.step-not-allowed",
        [
            "Det trin kan planen ikke tage nu",
            "`state` er, hvor planen er, og `step` det trin, der blev bedt om.",
        ],
        [
            "The plan cannot take that step now",
            "`state` is where the plan is, and `step` the one that was asked for.",
        ],
    ),
    kind(
        431,
        "request.head-too-large",
        [
            "Forespørgslens hoved er for stort",
            "Adresse og headere må tilsammen højst fylde 16 KiB.",
        ],
        [
            "The head of the request is too large",
            "Path, query and headers together may have at most 16 KiB.",
        ],
    ),
    kind(
        409,
        "request.in-progress",
        [
            "Forespørgslen er i gang",
            "En forespørgsel med samme `Idempotency-Key` er ikke færdig. Prøv igen om lidt.",
        ],
        [
            "The request is in progress",
            "A request with the same `Idempotency-Key` has not finished. Try again in a moment.",
        ],
    ),
    kind(
        422,
        "request.invalid",
        ["Noget i forespørgslen er forkert", "`errors` nævner alle fejl på én gang."],
        ["Something in the request is wrong", "`errors` names all faults at once."],
    ),
    kind(
        422,
        "request.key-reused",
        [
            "Nøglen er brugt til noget andet",
            "Samme `Idempotency-Key` kom med en anden forespørgsel. Brug en ny nøgle.",
        ],
        [
            "The key was used for something else",
            "The same `Idempotency-Key` came with another request. Use a new key.",
        ],
    ),
    kind(
        400,
        "request.malformed",
        ["Forespørgslen kan ikke læses", "Forespørgslen følger ikke HTTP."],
        ["The request cannot be read", "The request does not follow HTTP."],
    ),
    kind(
        405,
        "request.method-not-allowed",
        ["Metoden findes ikke her", "`Allow` nævner de metoder, der gør."],
        ["There is no such method here", "`Allow` names those there are."],
    ),
    kind(
        400,
        "request.not-json",
        ["Det er ikke JSON", "Forespørgslens indhold kan ikke læses som JSON."],
        ["This is not JSON", "The body of the request cannot be read as JSON."],
    ),
    kind(
        413,
        "request.too-large",
        ["Forespørgslen er for stor", "Indholdet må højst fylde 256 KiB."],
        ["The request is too large", "The body may have 256 KiB at most."],
    ),
    kind(
        408,
        "request.too-slow",
        [
            "Forespørgslen kom ikke frem i tide",
            "Indholdet skal være fremme inden for 10 sekunder. Prøv igen.",
        ],
        [
            "The request did not arrive in time",
            "The body must arrive within 10 seconds. Try again.",
        ],
    ),
    kind(
        415,
        "request.unsupported-media-type",
        ["Indholdet er af en anden type", "Send `Content-Type: application/json`."],
        ["The body is of another type", "Send `Content-Type: application/json`."],
    ),
    kind(
        409,
        "residence.already-told",
        ["Der er allerede en flytning den dag", "Fra hver dag bor den unge ét sted."],
        [
            "A move of that day is told already",
            "From each day on the young person lives in one place.",
        ],
    ),
    kind(
        409,
        "responsibility.already-accepted",
        ["Koordineringen er allerede modtaget", "Det bliver, som det blev aftalt."],
        ["The coordination is accepted already", "It stays as it was agreed."],
    ),
    kind(
        409,
        "responsibility.already-agreed",
        ["Overgangen er allerede aftalt", "Koordineringen går over én gang ad gangen."],
        ["The passing is agreed already", "The coordination passes once at a time."],
    ),
    kind(
        409,
        "responsibility.already-held",
        [
            "Enheden har allerede ansvaret",
            "Under samme paragraf har enheden ansvaret én gang ad gangen.",
        ],
        [
            "The unit is responsible already",
            "Under the same paragraph a unit is responsible once at a time.",
        ],
    ),
    kind(
        409,
        "responsibility.days-contradict",
        ["Dagene modsiger hinanden", "Modtageren støtter, før den koordinerer."],
        ["The days contradict each other", "The receiver supports before it coordinates."],
    ),
    kind(
        409,
        "responsibility.not-accepted",
        [
            "Modtageren har ikke taget imod",
            "Koordineringen går over, når modtageren har taget imod, mødet er holdt, og det aftalte er gjort.",
        ],
        [
            "The receiver has not accepted",
            "The coordination passes when the receiver has accepted, the meeting is held, and what was agreed is done.",
        ],
    ),
    kind(
        409,
        "responsibility.not-the-decider",
        [
            "En anden enhed træffer afgørelse",
            "Kun den enhed, der træffer afgørelse, afslutter det.",
        ],
        ["Another unit decides", "Only the unit that decides ends it."],
    ),
    kind(
        409,
        "responsibility.not-the-receiver",
        ["En anden enhed modtager", "Kun den modtagende enhed tager imod."],
        ["Another unit receives", "Only the unit that receives accepts."],
    ),
    kind(
        409,
        "responsibility.nothing-agreed",
        ["Der er intet aftalt", "Der er ingen overgang at tage imod."],
        ["Nothing is agreed", "There is no passing to accept."],
    ),
    kind(
        409,
        "responsibility.other-department",
        [
            "Enheden hører ikke til her",
            "Under paragraffen afgør en anden afdeling, eller enheden arbejder ikke med unge.",
        ],
        [
            "The unit does not belong here",
            "Another department decides under the paragraph, or the unit does not work with young people.",
        ],
    ),
    kind(
        409,
        "rights-request.already-pending",
        [
            "Rettigheden er allerede foreslået",
            "Forslaget venter på, at en anden bekræfter det. Det kan trækkes tilbage eller afvises; derefter kan rettigheden foreslås igen.",
        ],
        [
            "This right is already proposed",
            "The request waits for another person to confirm it. It can be withdrawn or refused; then the right can be proposed again.",
        ],
    ),
    kind(
        409,
        "rights-request.not-pending",
        [
            "Forslaget venter ikke længere",
            "Forslaget er bekræftet, afvist, trukket tilbage, bortfaldet eller udløbet. Foreslå rettigheden igen, hvis der stadig er brug for den.",
        ],
        [
            "The request is no longer pending",
            "The request was confirmed, refused or withdrawn, or it lapsed or expired. Propose the right again if it is still needed.",
        ],
    ),
    kind(
        409,
        "rights-request.own-request",
        [
            "En anden skal bekræfte forslaget",
            "Du kan ikke selv bekræfte en rettighed, som du har foreslået. Det skal en anden administrator eller enhedens leder gøre.",
        ],
        [
            "Another person must confirm the request",
            "You cannot confirm a right that you proposed. Another administrator or the leader of the unit must confirm it.",
        ],
    ),
    kind(
        409,
        "sanction.day-out-of-range",
        [
            "Sanktionen ligger uden for ydelsen",
            "En sanktion ligger på en af ydelsens dage, og ydelsen slutter ikke før den.",
        ],
        [
            "The sanction lies outside the benefit",
            "A sanction lies on one of the benefit's days, and the benefit does not end before it.",
        ],
    ),
    FAILED,
    kind(
        503,
        "service.unavailable",
        ["Tjenesten er optaget", "Intet er ændret. Prøv igen efter `Retry-After` sekunder."],
        ["The service is busy", "Nothing was changed. Try again after `Retry-After` seconds."],
    ),
    kind(
        403,
        "session.password-must-change",
        [
            "Skift din adgangssætning først",
            "Din adgangssætning er midlertidig. Vælg din egen, før du går i gang.",
        ],
        [
            "Change your pass phrase first",
            "Your pass phrase is temporary. Choose your own before you do anything else.",
        ],
    ),
    kind(
        401,
        "session.required",
        ["Log ind først", "Der er intet gyldigt adgangstegn. Log ind, eller forny det."],
        ["Sign in first", "There is no valid access token. Sign in, or refresh it."],
    ),
    kind(
        429,
        "session.too-many-tries",
        ["For mange forsøg", "Vent `Retry-After` sekunder, og prøv igen."],
        ["Too many tries", "Wait `Retry-After` seconds and try again."],
    ),
    kind(
        401,
        "session.wrong-credentials",
        [
            "Brugernavn eller adgangssætning er forkert",
            "Prøv igen. Vi siger ikke, hvad af de to der er forkert.",
        ],
        [
            "User name or pass phrase are wrong",
            "Try again. We do not tell which of the two is wrong.",
        ],
    ),
    kind(
        409,
        "support-need.already-told",
        [
            "Støtten er allerede fortalt",
            "Hver slags støtte haves én gang ad gangen. Afslut den, der løber, først.",
        ],
        [
            "The support is told already",
            "Each kind of support is had once at a time. End the one that runs first.",
        ],
    ),
    kind(
        409,
        "support-need.days-contradict",
        [
            "Støtten slutter før 18",
            "Støtte, der går videre efter 18, slutter ikke før 18-årsdagen.",
        ],
        [
            "The support ends before 18",
            "Support that goes on after 18 does not end before the 18th birthday.",
        ],
    ),
    kind(
        409,
        "target-group.not-defined",
        [
            "Ydelsen og visitationskategorien hører ikke sammen",
            "Loven kender ikke denne ydelse med denne kategori på de samme dage. Registrér kategorien fra den dag, ydelsen begynder.",
        ],
        [
            "The benefit and the category do not go together",
            "The law does not know this benefit with this category on the same days. Assess the category anew for the day the benefit begins.",
        ],
    ),
    kind(
        409,
        "task.done-already",
        ["Opgaven er klaret", "Den er allerede klaret. Hent den igen for at se, hvornår."],
        ["The task is done", "It is done already. Read it again to see when."],
    ),
    kind(
        409,
        "task.done-by-act",
        [
            "Opgaven klares ved handlingen selv",
            "Den kan ikke krydses af: gør det, den beder om (`act`), så er den klaret.",
        ],
        [
            "The task is done by the act itself",
            "It cannot be ticked: do what it asks for (`act`), and it is done.",
        ],
    ),
    kind(
        409,
        "task.exemption-out-of-range",
        [
            "Fritagelsen slutter på en forkert dag",
            "En fritagelse varer fra i morgen til højst et år frem.",
        ],
        [
            "The exemption ends on a wrong day",
            "An exemption lasts from tomorrow to a year ahead at most.",
        ],
    ),
    kind(
        409,
        "transition-need.age-out-of-range",
        [
            "Den unge er fyldt 18 år",
            "Et behov rejses før det fyldte 18. år. Ophører et efterværn, findes behovet af sig selv.",
        ],
        [
            "The young person is of age",
            "A need is raised before the 18th birthday. Where an aftercare ends it is found by itself.",
        ],
    ),
    kind(
        409,
        "transition-need.already-open",
        [
            "Behovet er allerede rejst",
            "Den unge har et behov for et overgangsmøde, som ikke er afklaret. Brug det.",
        ],
        [
            "The need is raised already",
            "The young person has a need of a transition meeting that is not settled. Use that one.",
        ],
    ),
    kind(
        409,
        "transition-need.committee-missing",
        [
            "Efterværnsudvalget kommer først",
            "Den unge har efterværn, der går videre. Sagen drøftes i udvalget før overgangsmødet.",
        ],
        [
            "The aftercare committee comes first",
            "The young person has an aftercare that goes on. The case is talked through in the committee before the meeting.",
        ],
    ),
    kind(
        409,
        "transition-need.committee-told",
        [
            "Udvalget har allerede drøftet sagen",
            "Hvad efterværnsudvalget sagde, fortælles én gang for hvert behov.",
        ],
        [
            "The committee has talked it through already",
            "What the aftercare committee said is told once for each need.",
        ],
    ),
    kind(
        409,
        "transition-need.day-out-of-range",
        ["Dagen ligger forude", "Der fortælles om det, der er sket."],
        ["The day lies ahead", "What has happened is told of."],
    ),
    kind(
        409,
        "transition-need.in-preparation",
        ["Mødet er booket", "Aflys mødet, før behovet henvises i stedet."],
        ["The meeting is booked", "Cancel the meeting before the need is referred instead."],
    ),
    kind(
        409,
        "transition-need.not-exempt",
        [
            "Loven kræver et møde",
            "Den unge har støtte, der går videre efter 18 og drøftes på et overgangsmøde. Behovet kan ikke henvises i stedet.",
        ],
        [
            "The law asks for a meeting",
            "The young person has support that goes on after 18 and is met about. The need cannot be referred instead.",
        ],
    ),
    kind(
        409,
        "transition-need.step-not-allowed",
        [
            "Det kan ikke gøres med behovet nu",
            "Svaret fortæller, hvad der er besluttet om det. Et behov går frem og ikke tilbage.",
        ],
        [
            "That cannot be done with the need now",
            "The answer tells what was decided of it. A need goes on, and not back.",
        ],
    ),
    kind(
        409,
        "transition-referral.already-made",
        ["Enheden er allerede henvist til", "Der henvises én gang til hver enhed."],
        ["It was referred to the unit already", "Each unit is referred to once."],
    ),
    kind(
        409,
        "transition-referral.other-department",
        [
            "Der henvises til jobcentret eller UU",
            "Vælg en enhed i Job & Velfærd eller UU, der arbejder med unge.",
        ],
        [
            "It is referred to the jobcenter or UU",
            "Choose a unit of Job & Velfærd or UU that works with young people.",
        ],
    ),
    kind(
        428,
        "version.missing",
        ["Versionen mangler", "Send `If-Match` med det `ETag`, tingen blev læst med."],
        ["The version is missing", "Send `If-Match` with the `ETag` that the thing was read with."],
    ),
    kind(
        412,
        "version.stale",
        [
            "En anden har ændret den imens",
            "Læs tingen igen, og send ændringen med det nye `ETag`. Intet er overskrevet.",
        ],
        [
            "Somebody else changed it meanwhile",
            "Read the thing again and send the change with its new `ETag`. Nothing was overwritten.",
        ],
    ),
    kind(
        409,
        "young-person.age-out-of-range",
        [
            "Alderen passer ikke",
            "En ung registreres fra 13-årsdagen (`from`) til dagen før 30-årsdagen (`to`).",
        ],
        [
            "The age does not fit",
            "A young person is registered from the 13th birthday (`from`) to the day before the 30th (`to`).",
        ],
    ),
    kind(
        409,
        "young-person.already-registered",
        [
            "CPR-nummeret er allerede registreret",
            "Har du adgang til den unge, kan du slå nummeret op. Ellers kontakt den enhed, der er angivet, og bed om adgang.",
        ],
        [
            "The CPR number is registered already",
            "If you have access to the young person, look the number up. If not, contact the stated unit and ask for access.",
        ],
    ),
    kind(
        422,
        "young-person.cpr-invalid",
        [
            "Det er ikke et CPR-nummer",
            "Ti cifre, hvis dato findes i det århundrede, det syvende ciffer angiver; med eller uden bindestreg.",
        ],
        [
            "This is not a CPR number",
            "Ten digits whose date exists in the century that the seventh gives; with or without the hyphen.",
        ],
    ),
];

/// The kind with this code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.code == code)
}

/// The table as `docs/ERRORS.md` shows it.
#[must_use]
pub fn as_markdown() -> String {
    let mut page = String::from(
        "# Problems\n\nPrinted from `api::problem::catalogue` by `enplan errors`. Every failure is `application/problem+json` \
         (RFC 9457): `type` is `/problems/<code>`, which answers with the words below; `code` is stable.\n\n\
         | code | status | dansk | English |\n|---|---|---|---|\n",
    );
    for kind in KINDS {
        let _ = writeln!(
            page,
            "| `{}` | {} | **{}.** {} | **{}.** {} |",
            kind.code,
            kind.status,
            kind.danish[0],
            kind.danish[1],
            kind.english[0],
            kind.english[1]
        );
    }
    page.push_str(
        "\n## Fields\n\nThe members of `errors` in `request.invalid`: `pointer` names the field, `code` is stable, `detail` is in words.\n\n\
         | code | dansk | English |\n|---|---|---|\n",
    );
    for (code, danish, english) in Fault::all() {
        let _ = writeln!(page, "| `{code}` | {danish} | {english} |");
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_once_and_in_order() {
        let codes: Vec<&str> = KINDS.iter().map(|kind| kind.code).collect();
        let mut sorted = codes.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(codes, sorted);
    }
}
