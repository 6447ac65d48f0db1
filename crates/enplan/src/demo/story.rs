//! Paw and Tinna, as they were told of at the seminar: two whole plans with parallel interventions, goals
//! and results.

use super::caseload;
use super::client::{Client, LoadError, id};
use super::courses;
use super::journal;
use super::people::replacement_number;
use actix_web::http::Method;
use api::Clock;
use chrono::{Datelike as _, Days, NaiveDate};
use domain::calendar::day_of;
use serde_json::{Value, json};

/// A young person's story.
struct Story {
    given_name: &'static str,
    family_name: &'static str,
    age: i32,
    /// Who registers, opens the plan and coordinates.
    coordinator: &'static str,
    /// The handover note for the employee who takes over the case.
    note: &'static str,
    contact_person: &'static str,
    purpose: &'static str,
    own_words: &'static str,
    /// Area, wished result, and what came of it.
    goals: &'static [(&'static str, &'static str, Option<&'static str>)],
    /// Who takes part.
    participants: &'static [&'static str],
    /// Title and reference of a department's own plan, its kind, and who links it.
    link: (&'static str, &'static str, &'static str, &'static str),
    /// Which benefit, and who records it.
    benefit: Option<(&'static str, &'static str)>,
    /// School, work, where they live and with whom, each by who would tell it.
    life: &'static [Told],
    /// Who assessed what.
    readiness: &'static [(&'static str, Found)],
    interventions: &'static [Step],
    /// Which goal, by whom it is told, and how far in weeks before today: as the young person sees it,
    /// and as the professional does.
    progress: &'static [(usize, &'static str, &'static [Point])],
    /// Who measures, how many weeks ago, and the four indicators: coping, wage, belief, network.
    indicators: &'static [(&'static str, u64, [u8; 4])],
    reviews: &'static [Held],
}

/// Something of the life beside the case, as of today.
struct Told {
    by: &'static str,
    /// The last part of its path.
    what: &'static str,
    body: fn(NaiveDate) -> Value,
}

/// Weeks ago, the young person's score, the professional's.
type Point = (u64, u8, u8);

/// A review of the story.
struct Held {
    by: &'static str,
    weeks_ago: u64,
    took_part: &'static [&'static str],
    decisions: &'static str,
}

/// What an assessment found: a category, or a kind of education that they are not ready for.
enum Found {
    Category(&'static str),
    NotReadyFor(&'static str),
}

/// An intervention of the story.
struct Step {
    /// The catalogue's code, or what is tailored: title, area, the provider's code.
    what: What,
    /// Who refers.
    by: &'static str,
    weeks_ago: u64,
    weeks: u64,
    /// Why and how it ended; none: under way.
    ended: Option<(&'static str, &'static str)>,
}

enum What {
    Offer(&'static str),
    Tailored(&'static str, &'static str, &'static str),
}

const PAW: Story = Story {
    given_name: "Paw",
    family_name: "Demo",
    age: 26,
    coordinator: "jv.sagsbehandler",
    note: "Ringer selv efter klokken ti.",
    contact_person: "vaeksthuset.konsulent",
    purpose: "Et hjem, en økonomi og et hoved i ro, så en uddannelse kan holde denne gang.",
    own_words: "Jeg vil have styr på det hele, én ting ad gangen, men uden at nogen slipper mig. Og så vil jeg vide mere om nanoteknologi.",
    goals: &[
        (
            "health",
            "Kan færdes frit blandt mennesker.",
            Some("Færdes frit i det offentlige; symptomerne er ubetydelige."),
        ),
        (
            "health",
            "Er uden hash og med et forbrug af alkohol, der ikke styrer dagen.",
            Some("Intet misbrug."),
        ),
        (
            "housing-and-economy",
            "Bor et sted, der er til at betale, med et budget der holder.",
            Some("Fast struktur og økonomi."),
        ),
        ("network", "Har nogen at ringe til.", Some("Nye venner.")),
        (
            "education",
            "Har en plan for uddannelse med et sikkerhedsnet.",
            Some("En uddannelsesplan med sikkerhedsnet."),
        ),
        ("everyday-coping", "Har en uge, der hænger sammen.", None),
    ],
    participants: &["social.raadgiver", "rusmiddel.behandler", "uu.vejleder", "ydelse.medarbejder"],
    link: ("Min plan", "JV-demo-26", "min-plan", "jv.sagsbehandler"),
    benefit: Some(("uddannelseshjaelp", "ydelse.medarbejder")),
    life: &[
        Told {
            by: "uu.vejleder",
            what: "education-and-work",
            body: |today| {
                json!({
                    "kind": "apprenticeship", "name": "Tømrer", "place": "Tømrermester Prøve", "hoursPerWeek": 37,
                    "days": { "startedOn": today - Days::new(7 * 180), "droppedOutOn": today - Days::new(7 * 150) },
                    "source": "young-person",
                })
            },
        },
        Told {
            by: "social.raadgiver",
            what: "residence",
            body: |today| {
                json!({
                    "from": today - Days::new(7 * 12), "municipalityCode": "0791", "address": "Prøvevej 7, 2.",
                    "source": "register",
                })
            },
        },
    ],
    readiness: &[("jv.sagsbehandler", Found::Category("aktivitetsparat"))],
    interventions: &[
        Step {
            what: What::Offer("fast-konsulent"),
            by: "jv.sagsbehandler",
            weeks_ago: 24,
            weeks: 40,
            ended: None,
        },
        Step {
            what: What::Offer("rusmiddelcentret"),
            by: "rusmiddel.behandler",
            weeks_ago: 23,
            weeks: 26,
            ended: Some(("completed", "Uden misbrug siden uge tolv.")),
        },
        Step {
            what: What::Offer("angstforloeb"),
            by: "jv.sagsbehandler",
            weeks_ago: 22,
            weeks: 8,
            ended: Some(("completed", "Otte uger; færdes frit.")),
        },
        Step {
            what: What::Offer("hjaelp-til-bolig"),
            by: "social.raadgiver",
            weeks_ago: 22,
            weeks: 10,
            ended: Some(("completed", "Flyttet til en bolig, der er til at betale.")),
        },
        Step {
            what: What::Offer("budget-og-gaeldsraadgivning"),
            by: "social.raadgiver",
            weeks_ago: 20,
            weeks: 12,
            ended: Some(("completed", "Budgettet holder.")),
        },
        Step {
            what: What::Offer("laege-og-psykologkontakt"),
            by: "jv.sagsbehandler",
            weeks_ago: 20,
            weeks: 16,
            ended: None,
        },
        Step {
            what: What::Offer("uddannelsesbesoeg"),
            by: "uu.vejleder",
            weeks_ago: 10,
            weeks: 8,
            ended: None,
        },
        Step {
            what: What::Tailored(
                "Genoptræning af håndled før værkstedsbesøg",
                "health",
                "job-og-sundhed",
            ),
            by: "jv.sagsbehandler",
            weeks_ago: 18,
            weeks: 6,
            ended: Some(("completed", "Håndleddet er lægt.")),
        },
    ],
    progress: &[
        (0, "jv.sagsbehandler", &[(22, 1, 2), (16, 3, 4), (8, 7, 6), (1, 9, 8)]),
        (1, "rusmiddel.behandler", &[(23, 2, 1), (15, 4, 5), (6, 8, 8), (1, 10, 9)]),
        (2, "social.raadgiver", &[(22, 0, 1), (12, 6, 5), (2, 9, 9)]),
        (3, "jv.sagsbehandler", &[(20, 1, 1), (10, 4, 5), (1, 7, 7)]),
        (4, "uu.vejleder", &[(10, 3, 2), (1, 8, 7)]),
        (5, "jv.sagsbehandler", &[(20, 2, 2), (1, 6, 5)]),
    ],
    indicators: &[
        ("jv.sagsbehandler", 23, [1, 2, 3, 1]),
        ("jv.sagsbehandler", 12, [3, 2, 4, 2]),
        ("jv.sagsbehandler", 1, [4, 4, 5, 4]),
    ],
    reviews: &[
        Held {
            by: "jv.sagsbehandler",
            weeks_ago: 14,
            took_part: &["Socialrådgiver", "Behandler fra Rusmiddelcentret", "Fast konsulent"],
            decisions: "Angstforløbet er slut. Boligen er fundet; budgettet følges endnu i otte uger.",
        },
        Held {
            by: "jv.sagsbehandler",
            weeks_ago: 2,
            took_part: &["UU-vejleder", "Fast konsulent"],
            decisions: "Besøger to uddannelser mere og vælger. Fast konsulent bliver som sikkerhedsnet.",
        },
    ],
};

const TINNA: Story = Story {
    given_name: "Tinna",
    family_name: "Demo",
    age: 17,
    coordinator: "uu.vejleder",
    note: "Skriv hellere end at ringe i skoletiden.",
    contact_person: "vaeksthuset.konsulent",
    purpose: "Troen på sig selv tilbage, og en vej mod laboranten.",
    own_words: "Jeg vil gerne være laborant. Jeg orker bare ikke at være den voksne derhjemme hele tiden.",
    goals: &[
        (
            "everyday-coping",
            "Kommer op og af sted uden at skulle passe alt derhjemme først.",
            Some("Har taget initiativ og har bedre form."),
        ),
        (
            "social",
            "Har unge at være sammen med, der forstår det.",
            Some("Tro på sig selv og nysgerrighed."),
        ),
        ("employment", "Har et CV og et fritidsjob.", Some("Et CV og et fritidsjob.")),
        ("education", "Søger ind på gymnasiet.", Some("Har søgt ind på gymnasiet.")),
    ],
    participants: &["bu.raadgiver", "ppr.psykolog"],
    link: ("Uddannelsesplan", "UU-demo-17", "education-plan", "uu.vejleder"),
    benefit: None,
    life: &[
        Told {
            by: "uu.vejleder",
            what: "education-and-work",
            body: |today| {
                json!({
                    "kind": "school", "grade": 10, "place": "Prøveskolen",
                    "days": { "startedOn": today - Days::new(7 * 66), "completedOn": today - Days::new(7 * 24) },
                    "source": "institution",
                })
            },
        },
        Told {
            by: "uu.vejleder",
            what: "education-and-work",
            body: |today| {
                json!({
                    "kind": "spare-time-job", "place": "Bageren på torvet", "hoursPerWeek": 8,
                    "days": { "startedOn": today - Days::new(7 * 3) }, "source": "young-person",
                })
            },
        },
        Told {
            by: "uu.vejleder",
            what: "education-and-work",
            body: |today| {
                json!({
                    "kind": "education", "name": "Gymnasium (stx)", "place": "Prøvegymnasiet",
                    "days": { "appliedOn": today - Days::new(7) }, "source": "young-person",
                })
            },
        },
        Told {
            by: "bu.raadgiver",
            what: "guardians",
            body: |today| {
                json!({
                    "name": "Mona Demo", "relation": "mother", "hasCustody": true, "telephone": "00000017",
                    "from": today - Days::new(7 * 20),
                })
            },
        },
    ],
    readiness: &[
        ("uu.vejleder", Found::NotReadyFor("gymnasium")),
        ("uu.vejleder", Found::NotReadyFor("eud")),
    ],
    interventions: &[
        Step {
            what: What::Offer("fast-konsulent"),
            by: "uu.vejleder",
            weeks_ago: 20,
            weeks: 40,
            ended: None,
        },
        Step {
            what: What::Offer("psykologforloeb"),
            by: "ppr.psykolog",
            weeks_ago: 18,
            weeks: 12,
            ended: None,
        },
        Step {
            what: What::Offer("hverdagsmestring"),
            by: "bu.raadgiver",
            weeks_ago: 18,
            weeks: 20,
            ended: None,
        },
    ],
    progress: &[
        (0, "bu.raadgiver", &[(18, 2, 3), (9, 5, 5), (1, 8, 7)]),
        (1, "ppr.psykolog", &[(18, 1, 2), (10, 4, 5), (2, 8, 8)]),
        (2, "uu.vejleder", &[(19, 0, 1), (9, 4, 5), (1, 10, 10)]),
        (3, "uu.vejleder", &[(19, 1, 2), (8, 5, 6), (1, 9, 9)]),
    ],
    indicators: &[
        ("uu.vejleder", 19, [2, 2, 4, 1]),
        ("uu.vejleder", 9, [3, 3, 4, 3]),
        ("uu.vejleder", 1, [4, 4, 5, 4]),
    ],
    reviews: &[Held {
        by: "uu.vejleder",
        weeks_ago: 6,
        took_part: &["Rådgiver fra Ungeenheden", "PPR-psykolog", "Mor"],
        decisions: "Gruppen er slut, venskaberne bliver. CV'et er skrevet; der søges ind på gymnasiet.",
    }],
};

/// Tells both, and how their interventions ran.
pub async fn tell(client: &Client) -> Result<(), LoadError> {
    let today = day_of(Clock::system().now());
    let paw = tell_one(client, &PAW, 6001, today).await?;
    let tinna = tell_one(client, &TINNA, 6002, today).await?;
    let with_paw = ["jv.jobkonsulent", "social.raadgiver", "rusmiddel.behandler", "uu.vejleder"];
    caseload::give(client, &paw, "jv.sagsbehandler", &with_paw, PAW.note).await?;
    let with_tinna = ["bu.raadgiver", "ppr.psykolog"];
    caseload::give(client, &tinna, "uu.vejleder", &with_tinna, TINNA.note).await?;
    courses::tell_of_paw(client, &paw, today).await?;
    courses::tell_of_tinna(client, &tinna, today).await?;
    journal::tell_of_paw(client, &paw, today).await?;
    journal::tell_of_tinna(client, &tinna, today).await
}

/// Tells one; gives the path of the plan.
async fn tell_one(
    client: &Client,
    story: &Story,
    serial: u32,
    today: NaiveDate,
) -> Result<String, LoadError> {
    let who = story.coordinator;
    let born =
        today.with_day(1).and_then(|day| day.with_year(today.year() - story.age)).unwrap_or(today);
    let person = client
        .post(who, "/young-people", json!({
            "cpr": replacement_number(born, serial), "givenName": story.given_name, "familyName": story.family_name,
            "unitId": client.unit_of(who)?,
        }))
        .await?;
    caseload::take(client, who, &person, story.note).await?;
    let goals: Vec<Value> = story
        .goals
        .iter()
        .map(|(area, result, _)| json!({ "area": area, "wishedResult": result, "targetDate": today + Days::new(180) }))
        .collect();
    let plan = client
        .post(who, &format!("/young-people/{}/plans", id(&person)?), json!({
            "purpose": story.purpose, "ownWords": story.own_words, "coordinatorId": client.employee(who)?,
            "contactPersonId": client.employee(story.contact_person)?, "goals": goals,
        }))
        .await?;
    let path = format!("/plans/{}", id(&plan)?);
    for participant in story.participants {
        let body = json!({ "unitId": client.unit_of(participant)?, "employeeId": client.employee(participant)? });
        client.post(who, &format!("{path}/participants"), body).await?;
    }
    let active = client.change(who, Method::POST, &format!("{path}/activate"), &plan, None).await?;
    let (title, reference, kind, by) = story.link;
    client
        .post(
            by,
            &format!("{path}/links"),
            json!({ "kind": kind, "title": title, "reference": reference }),
        )
        .await?;
    let begun = today - Days::new(7 * 26);
    let path_to = |what: &str| Ok(format!("/young-people/{}/{what}", id(&person)?));
    for (by, found) in story.readiness {
        let body = match found {
            Found::Category(category) => json!({ "on": begun, "category": category }),
            Found::NotReadyFor(education) => {
                json!({ "on": begun, "education": education, "ready": false })
            }
        };
        client.post(by, &path_to("readiness")?, body).await?;
    }
    if let Some((kind, by)) = story.benefit {
        let body = json!({ "kind": kind, "from": begun });
        client.post(by, &path_to("benefits")?, body).await?;
    }
    for told in story.life {
        client.post(told.by, &path_to(told.what)?, (told.body)(today)).await?;
    }
    for step in story.interventions {
        take(client, &path, step, today).await?;
    }
    follow(client, story, &path, &active, today).await?;
    for (goal, (_, _, result)) in
        plan.get("goals").and_then(Value::as_array).into_iter().flatten().zip(story.goals)
    {
        if let Some(result) = result {
            let body = Some(json!({ "result": result }));
            client.change(who, Method::PATCH, &format!("/goals/{}", id(goal)?), goal, body).await?;
        }
    }
    Ok(path)
}

/// Progress, indicators and reviews, as those tell them who know.
async fn follow(
    client: &Client,
    story: &Story,
    path: &str,
    active: &Value,
    today: NaiveDate,
) -> Result<(), LoadError> {
    let ago = |weeks: u64| today - Days::new(7 * weeks);
    let goals = active.get("goals").and_then(Value::as_array).ok_or(LoadError::Missing("goals"))?;
    for (goal, by, points) in story.progress {
        let goal = id(goals.get(*goal).ok_or(LoadError::Missing("goals"))?)?;
        for (weeks, theirs, ours) in *points {
            for (voice, score) in [("young-person", theirs), ("professional", ours)] {
                let told = json!({ "voice": voice, "score": score, "on": ago(*weeks) });
                client.post(by, &format!("/goals/{goal}/progress"), told).await?;
            }
        }
    }
    for (by, weeks, [coping, wage, belief, network]) in story.indicators {
        let measured = json!({
            "on": ago(*weeks), "everydayCoping": coping, "reservationWage": wage, "caseworkerBelief": belief,
            "supportiveNetwork": network,
        });
        client.post(by, &format!("{path}/indicators"), measured).await?;
    }
    let mut plan = active.clone();
    for review in story.reviews {
        let held = Some(json!({
            "heldOn": ago(review.weeks_ago), "tookPart": review.took_part, "youngPersonTookPart": true,
            "decisions": review.decisions, "nextReviewOn": today + Days::new(7 * 10),
        }));
        let reviews = format!("{path}/reviews");
        plan = client.change(review.by, Method::POST, &reviews, &plan, held).await?;
    }
    Ok(())
}

async fn take(client: &Client, plan: &str, step: &Step, today: NaiveDate) -> Result<(), LoadError> {
    let began = today - Days::new(7 * step.weeks_ago);
    let ends = began + Days::new(7 * step.weeks);
    let (offer, tailored) = match step.what {
        What::Offer(code) => (Some(code), None),
        What::Tailored(title, area, provider) => (
            None,
            Some(
                json!({ "title": title, "area": area, "providerId": client.unit(provider).await? }),
            ),
        ),
    };
    let mut body = json!({
        "plannedStart": began, "plannedEnd": ends, "responsibleId": client.employee("vaeksthuset.konsulent")?,
        "catalogueCode": offer, "tailored": tailored,
    });
    // A member that is not told is left out.
    if let Value::Object(members) = &mut body {
        members.retain(|_, value| !value.is_null());
    }
    let referral = client.post(step.by, &format!("{plan}/interventions"), body).await?;
    let path = format!("/interventions/{}", id(&referral)?);
    let body = Some(json!({ "on": began }));
    let started =
        client.change(step.by, Method::POST, &format!("{path}/start"), &referral, body).await?;
    if let Some((reason, note)) = step.ended {
        let body = Some(json!({ "on": ends.min(today), "reason": reason, "note": note }));
        client.change(step.by, Method::POST, &format!("{path}/end"), &started, body).await?;
    }
    Ok(())
}
