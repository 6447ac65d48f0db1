//! IV-8, IV-10, IV-12: company and hours, none, one or combined, groups and their sessions.

use crate::steps::{
    CASEWORKER, INSTITUTION, STRANGER, done, join, refer, referral, refused, row, step,
};
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use test_support::{Answer, Call, TestApp};
use uuid::Uuid;

/// Names a company, in the intervention's present version.
async fn name_company<'a>(app: &'a TestApp, who: &'a str, id: Uuid, company: Value) -> Call<'a> {
    let version = row(app, "intervention", id).await["version"].as_i64().unwrap();
    app.as_(who).put(&format!("/api/v1/interventions/{id}/company"), company).if_match(version)
}

fn tell_hours<'a>(app: &'a TestApp, id: Uuid, from: &str, hours: &Value, form: &str) -> Call<'a> {
    let body = json!({ "from": from, "hoursPerWeek": hours, "form": form });
    app.as_(CASEWORKER).post(&format!("/api/v1/interventions/{id}/hours"), body)
}

async fn start(app: &TestApp, who: &str, id: Uuid) -> Answer {
    done(step(app, who, id, "start", json!({ "on": app.today() })).await).await
}

async fn kinds(app: &TestApp, answer: &Answer) -> Vec<Value> {
    let id = answer.header("x-request-id");
    app.sql(&format!("SELECT kind, payload FROM event WHERE request_id = '{id}'")).await
}

#[actix_web::test]
async fn iv_08_what_is_company_oriented_names_its_company_before_it_starts() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let id = app.referral(CASEWORKER, case.plan, "virksomhedspraktik").await.id();
    let begin = || step(&app, CASEWORKER, id, "start", json!({ "on": app.today() }));
    refused(&app, begin().await, (409, "intervention.company-missing")).await;
    let company = json!({
        "cvr": "10150817", "name": "Savværket", "supervisor": { "name": "Karen", "telephone": "00 00 00 00" },
    });
    let named = done(name_company(&app, CASEWORKER, id, company.clone()).await).await;
    assert_eq!((&named.body["company"], named.version()), (&company, 2));
    let told = kinds(&app, &named).await;
    assert_eq!(told, [json!({ "kind": "intervention.company-named", "payload": company })]);
    start(&app, CASEWORKER, id).await;
    // It may move to another one; the hours stay.
    let other = json!({ "cvr": "24256790", "name": "Bageriet", "supervisor": { "name": "Ole" } });
    let moved = done(name_company(&app, CASEWORKER, id, other).await).await;
    assert_eq!(moved.body["company"]["supervisor"], json!({ "name": "Ole", "telephone": null }));
    done(step(&app, CASEWORKER, id, "end", json!({ "on": app.today(), "reason": "moved" })).await)
        .await;
    let over = name_company(&app, CASEWORKER, id, company).await;
    let answer = refused(&app, over, (409, "intervention.step-not-allowed")).await;
    assert_eq!([&answer.body["state"], &answer.body["step"]], ["ended-early", "name-company"]);
}

#[actix_web::test]
async fn iv_08_the_referral_may_name_the_company_at_once() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let mut body = referral(&app, "loentilskud");
    body["company"] = app.company();
    let referred = done(refer(&app, CASEWORKER, case.plan, body.clone())).await;
    let (named, told) = (&referred.body["company"], &body["company"]);
    assert_eq!([&named["cvr"], &named["name"]], [&told["cvr"], &told["name"]]);
    let events = kinds(&app, &referred).await;
    assert_eq!(events[0]["payload"]["company"]["cvr"], body["company"]["cvr"]);
    start(&app, CASEWORKER, referred.id()).await;
}

#[actix_web::test]
async fn iv_08_what_is_no_cvr_number_is_refused_and_not_told_back() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let id = app.referral(CASEWORKER, case.plan, "virksomhedspraktik").await.id();
    for cvr in ["10150818", "1015081", "00000000", "abcdefgh", ""] {
        let company = json!({ "cvr": cvr, "name": "x", "supervisor": { "name": "x" } });
        let call = name_company(&app, CASEWORKER, id, company.clone()).await;
        let answer = refused(&app, call, (422, "request.invalid")).await;
        assert_eq!(answer.pointers(), ["/cvr"]);
        assert_eq!(answer.body["errors"][0]["code"], "company.cvr-invalid");
        let mut body = referral(&app, "virksomhedspraktik");
        body["company"] = company;
        body["sessions"] = json!([{ "weekday": "monday", "from": "12:00", "to": "09:00" }]);
        let answer =
            refused(&app, refer(&app, CASEWORKER, case.plan, body), (422, "request.invalid")).await;
        assert_eq!(answer.pointers(), ["/company/cvr", "/sessions/0"], "all faults at once");
    }
}

#[actix_web::test]
async fn iv_08_hours_a_week_show_progression_and_are_corrected_on_their_day() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let id = app.started(CASEWORKER, case.plan, "virksomhedspraktik").await.id();
    for (from, hours, form) in [
        ("2026-12-07", json!(12.5), "internship"),
        ("2026-11-23", json!(6), "internship"),
        ("2027-01-04", json!(37), "ordinary"),
        ("2026-12-07", json!(15.5), "wage-subsidy"),
    ] {
        done(tell_hours(&app, id, from, &hours, form)).await;
    }
    let path = format!("/api/v1/interventions/{id}");
    let view = app.as_(CASEWORKER).get(&path).await.expect(200);
    insta::assert_json_snapshot!(view.body["hours"], @r#"
    [
      {
        "form": "internship",
        "from": "2026-11-23",
        "hoursPerWeek": 6.0
      },
      {
        "form": "wage-subsidy",
        "from": "2026-12-07",
        "hoursPerWeek": 15.5
      },
      {
        "form": "ordinary",
        "from": "2027-01-04",
        "hoursPerWeek": 37.0
      }
    ]
    "#);
    for wrong in [json!(37.1), json!(-1), json!(7.25), json!("7")] {
        let call = tell_hours(&app, id, "2026-12-07", &wrong, "internship");
        let answer = refused(&app, call, (422, "request.invalid")).await;
        assert_eq!(answer.pointers(), ["/hoursPerWeek"], "{wrong}");
    }
    let file = format!("/api/v1/young-people/{}/case-file", case.young_person);
    let file = app.as_(CASEWORKER).get(&file).await.expect(200);
    assert_eq!(file.body["interventions"][0]["hours"], view.body["hours"]);
}

#[actix_web::test]
async fn iv_02_what_repeats_runs_at_several_companies_and_not_twice_at_one() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let (here, there) = (app.company(), app.company());
    let body = |company: &Value| {
        let mut body = referral(&app, "virksomhedspraktik");
        body["company"] = company.clone();
        body
    };
    let first = done(refer(&app, CASEWORKER, case.plan, body(&here))).await.id();
    done(refer(&app, CASEWORKER, case.plan, body(&there))).await;
    let running = (409, "intervention.already-running");
    refused(&app, refer(&app, CASEWORKER, case.plan, body(&here)), running).await;
    let third = app.referral(CASEWORKER, case.plan, "virksomhedspraktik").await.id();
    refused(&app, name_company(&app, CASEWORKER, third, here.clone()).await, running).await;
    // Another offer there, another young person there, and the same one once it is over.
    let mut other = body(&here);
    other["catalogueCode"] = json!("loentilskud");
    done(refer(&app, CASEWORKER, case.plan, other)).await;
    let beside = app.active_plan(CASEWORKER).await;
    done(refer(&app, CASEWORKER, beside.plan, body(&here))).await;
    done(step(&app, CASEWORKER, first, "withdraw", json!({})).await).await;
    done(name_company(&app, CASEWORKER, third, here).await).await;
}

#[actix_web::test]
async fn iv_02_twenty_at_once_name_one_company_once() {
    let app = TestApp::new().await;
    let second = app.instance().await;
    let case = app.active_plan(CASEWORKER).await;
    let mut body = referral(&app, "virksomhedspraktik");
    body["company"] = app.company();
    let answers = join_all((0..20).map(|n| {
        let app = if n % 2 == 0 { &app } else { &second };
        refer(app, CASEWORKER, case.plan, body.clone()).into_future()
    }))
    .await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    let refused =
        answers.iter().filter(|answer| answer.problem() == (409, "intervention.already-running"));
    assert_eq!((made, refused.count()), (1, 19));
}

#[actix_web::test]
async fn iv_10_none_one_or_combined_on_any_day_in_whatever_area() {
    let app = TestApp::new().await;
    let case = crate::steps::shared_plan(&app, CASEWORKER, "rusmiddel.behandler").await;
    let path = format!("/api/v1/young-people/{}/combination", case.young_person);
    let on = async |who: &str, day: &str| {
        let answer = app.as_(who).get(&format!("{path}?on={day}")).await.expect(200);
        (
            answer.body["combination"].as_str().unwrap().to_owned(),
            answer.body["interventions"].as_i64().unwrap(),
        )
    };
    let told = |word: &str, n| (word.to_owned(), n);
    let stigen = app.started(CASEWORKER, case.plan, "stigen").await.id();
    app.referral(CASEWORKER, case.plan, "igmu").await;
    assert_eq!(on(CASEWORKER, "2026-11-22").await, told("none", 0));
    assert_eq!(on(CASEWORKER, "2026-11-23").await, told("one", 1));
    app.advance(TimeDelta::days(2));
    // Health: the caseworker is told that there is one more, and not which.
    app.started("rusmiddel.behandler", case.plan, "rusmiddelcentret").await;
    assert_eq!(on(CASEWORKER, "2026-11-24").await, told("one", 1));
    assert_eq!(on(CASEWORKER, "2026-11-25").await, told("combined", 2));
    assert_eq!(on("rusmiddel.behandler", "2026-11-25").await, told("combined", 2));
    app.advance(TimeDelta::days(2));
    done(
        step(&app, CASEWORKER, stigen, "end", json!({ "on": app.today(), "reason": "moved" }))
            .await,
    )
    .await;
    assert_eq!(on(CASEWORKER, "2026-11-26").await, told("combined", 2));
    assert_eq!(on(CASEWORKER, "2026-11-27").await, told("one", 1));
    let today = app.as_(CASEWORKER).get(&path).await.expect(200);
    assert_eq!(today.body, json!({ "on": "2026-11-27", "combination": "one", "interventions": 1 }));

    assert_eq!(app.as_("bu.raadgiver").get(&path).await.problem(), (404, "not-found"));
    assert_eq!(app.as_("uu.teamleder").get(&path).await.problem(), (404, "not-found"));
}

/// A group of Væksthuset, three times three hours a week.
async fn group(app: &TestApp, size: impl Into<Option<i32>>) -> Uuid {
    let sessions = ["monday", "wednesday", "friday"]
        .map(|weekday| json!({ "weekday": weekday, "from": "09:00", "to": "12:00" }));
    let body = json!({
        "catalogueCode": "gruppeforloeb", "title": "Fire unge", "providerId": app.unit("vaeksthuset"),
        "from": app.today(), "sessions": sessions, "size": size.into(),
    });
    done(app.as_(INSTITUTION).post("/api/v1/intervention-groups", body)).await.id()
}

fn add<'a>(app: &'a TestApp, who: &'a str, group: Uuid, member: Uuid) -> Call<'a> {
    let body = json!({ "interventionId": member });
    app.as_(who).post(&format!("/api/v1/intervention-groups/{group}/members"), body)
}

fn leave<'a>(app: &'a TestApp, group: Uuid, member: Uuid, on: &str) -> Call<'a> {
    let path = format!("/api/v1/intervention-groups/{group}/members/{member}/end");
    app.as_(INSTITUTION).post(&path, json!({ "on": on }))
}

async fn in_course(app: &TestApp, who: &str) -> Uuid {
    let case = app.active_plan(who).await;
    app.started(who, case.plan, "gruppeforloeb").await.id()
}

#[actix_web::test]
async fn iv_12_a_group_has_sessions_and_each_ones_hours_count() {
    let app = TestApp::new().await;
    let (group, member) = (group(&app, 4).await, in_course(&app, CASEWORKER).await);
    let joined = done(add(&app, INSTITUTION, group, member)).await;
    insta::assert_json_snapshot!(joined.body["schedule"], { ".groupId" => "[group]" }, @r#"
    {
      "groupId": "[group]",
      "hoursPerWeek": 9.0,
      "sessions": [
        {
          "from": "09:00",
          "to": "12:00",
          "weekday": "monday"
        },
        {
          "from": "09:00",
          "to": "12:00",
          "weekday": "wednesday"
        },
        {
          "from": "09:00",
          "to": "12:00",
          "weekday": "friday"
        }
      ]
    }
    "#);
    assert_eq!(joined.body["clashes"], json!([]));
    let payload = json!({ "groupId": group, "from": "2026-11-23" });
    assert_eq!(
        kinds(&app, &joined).await,
        [json!({ "kind": "intervention.group-joined", "payload": payload })]
    );
    let path = format!("/api/v1/intervention-groups/{group}");
    let seen = app.as_(INSTITUTION).get(&path).await.expect(200);
    assert_eq!([&seen.body["hoursPerWeek"], &seen.body["memberCount"]], [&json!(9.0), &json!(1)]);
    refused(&app, add(&app, CASEWORKER, group, member), (409, "group.already-member")).await;

    app.advance(TimeDelta::days(7));
    for on in ["2026-11-22", "2026-12-01"] {
        let answer =
            refused(&app, leave(&app, group, member, on), (409, "intervention.day-out-of-range"))
                .await;
        assert_eq!([&answer.body["from"], &answer.body["to"]], ["2026-11-23", "2026-11-30"]);
    }
    let left = done(leave(&app, group, member, "2026-11-30")).await;
    assert_eq!(
        left.body["schedule"],
        json!({ "groupId": null, "sessions": [], "hoursPerWeek": 0.0 })
    );
    assert_eq!(leave(&app, group, member, "2026-11-30").await.problem(), (404, "not-found"));
    done(add(&app, INSTITUTION, group, member)).await;
}

#[actix_web::test]
async fn iv_12_members_are_seen_by_those_who_see_them_and_counted_by_who_runs_the_group() {
    let app = TestApp::new().await;
    let group = group(&app, None).await;
    let mut members = Vec::new();
    for who in [CASEWORKER, "bu.raadgiver", "uu.vejleder"] {
        let member = in_course(&app, who).await;
        done(add(&app, who, group, member)).await;
        members.push((who, member));
    }
    let path = format!("/api/v1/intervention-groups/{group}");
    let seen = async |who: &str| {
        let answer = app.as_(who).get(&path).await.expect(200);
        // Of the others two or three are hidden (AC-8).
        let counted = if who == INSTITUTION { json!(3) } else { Value::Null };
        assert_eq!(answer.body["memberCount"], counted, "{who}");
        let members = answer.body["members"].as_array().unwrap().clone();
        members.iter().map(|member| member["interventionId"].clone()).collect::<Vec<_>>()
    };
    for (who, member) in &members {
        assert_eq!(seen(who).await, [json!(member)], "{who}");
    }
    assert!(seen(STRANGER).await.is_empty());
    assert_eq!(seen(INSTITUTION).await, members.iter().map(|one| json!(one.1)).collect::<Vec<_>>());
    let page = format!("/api/v1/intervention-groups?providerId={}", app.unit("vaeksthuset"));
    let page = app.as_(STRANGER).get(&page).await.expect(200);
    assert_eq!(
        [&page.items()[0]["id"], &page.items()[0]["memberCount"]],
        [&json!(group), &Value::Null]
    );
    assert!(page.items()[0]["members"].is_null());
    let elsewhere = format!("/api/v1/intervention-groups?providerId={}", app.unit("trepas"));
    assert_eq!(app.as_(STRANGER).get(&elsewhere).await.expect(200).items().len(), 0);
    // Another's member is missing to them, whatever they would do.
    for call in
        [add(&app, CASEWORKER, group, members[1].1), add(&app, CASEWORKER, group, Uuid::now_v7())]
    {
        refused(&app, call, (404, "not-found")).await;
    }
}

/// The hotline's unit takes part, and its role reads nobody's interventions.
#[actix_web::test]
async fn ac_10_a_group_names_those_alone_whom_one_may_read() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let member = app.referral(CASEWORKER, case.plan, "virksomhedspraktik").await.id();
    let body = json!({
        "title": "Hold", "providerId": app.unit("jobspor"), "from": app.today(),
        "sessions": [{ "weekday": "monday", "from": "09:00", "to": "12:00" }],
    });
    let group = done(app.as_(CASEWORKER).post("/api/v1/intervention-groups", body)).await.id();
    done(add(&app, CASEWORKER, group, member)).await;
    for who in ["uu.hotline", "mentor"] {
        done(join(&app, CASEWORKER, case.plan, who)).await;
    }
    for (who, named) in [("uu.hotline", false), ("mentor", true)] {
        let path = format!("/api/v1/intervention-groups/{group}");
        let told = app.as_(who).get(&path).await.expect(200);
        assert_eq!(told.body["memberCount"], 1, "{who}");
        let members = told.body["members"].as_array().unwrap();
        let one = json!([{
            "interventionId": member, "youngPersonId": case.young_person, "from": app.today(),
        }]);
        assert_eq!(json!(members), if named { one } else { json!([]) }, "{who}");
        let id = told.header("x-request-id");
        let entries = app
            .sql(&format!("SELECT young_people FROM access_entry WHERE request_id = '{id}'"))
            .await;
        let logged = json!({ "young_people": [case.young_person] });
        assert_eq!(entries, if named { vec![logged] } else { vec![] }, "{who}");
    }
}

#[actix_web::test]
async fn iv_12_a_group_takes_what_its_own_unit_provides_and_what_is_not_over() {
    let app = TestApp::new().await;
    let (group, case) = (group(&app, None).await, app.active_plan(CASEWORKER).await);
    let elsewhere = app.started(CASEWORKER, case.plan, "stigen").await.id();
    refused(&app, add(&app, CASEWORKER, group, elsewhere), (409, "group.another-provider")).await;
    let withdrawn = app.referral(CASEWORKER, case.plan, "gruppeforloeb").await.id();
    done(step(&app, CASEWORKER, withdrawn, "withdraw", json!({})).await).await;
    let answer = refused(
        &app,
        add(&app, CASEWORKER, group, withdrawn),
        (409, "intervention.step-not-allowed"),
    )
    .await;
    assert_eq!(answer.body["step"], "join-group");
    let member = app.referral(CASEWORKER, case.plan, "gruppeforloeb").await.id();
    let body = json!({ "interventionId": member, "from": "2026-11-22" });
    let path = format!("/api/v1/intervention-groups/{group}/members");
    let answer =
        refused(&app, app.as_(CASEWORKER).post(&path, body), (422, "request.invalid")).await;
    assert_eq!(answer.pointers(), ["/from"]);
    let nowhere = add(&app, CASEWORKER, Uuid::now_v7(), member);
    refused(&app, nowhere, (404, "not-found")).await;
}

#[actix_web::test]
async fn iv_12_a_group_is_set_up_by_its_own_unit_with_a_week_that_holds() {
    let app = TestApp::new().await;
    let session =
        |weekday: &str, from: &str, to: &str| json!({ "weekday": weekday, "from": from, "to": to });
    let body = |unit: &str, sessions: Value| json!({ "title": "Hold", "providerId": app.unit(unit), "from": app.today(), "sessions": sessions });
    let post =
        |who: &'static str, body: Value| app.as_(who).post("/api/v1/intervention-groups", body);
    let week = json!([session("monday", "09:00", "12:00")]);
    refused(&app, post(CASEWORKER, body("vaeksthuset", week.clone())), (403, "access.denied"))
        .await;
    let crossed = json!([
        session("monday", "09:00", "12:00"),
        session("monday", "11:00", "13:00"),
        session("friday", "09:00", "09:00")
    ]);
    let answer =
        refused(&app, post(INSTITUTION, body("vaeksthuset", crossed)), (422, "request.invalid"))
            .await;
    assert_eq!(answer.pointers(), ["/sessions/1", "/sessions/2"]);
    let answer = refused(
        &app,
        post(INSTITUTION, body("vaeksthuset", json!([session("monday", "24:00", "9:00")]))),
        (422, "request.invalid"),
    )
    .await;
    assert_eq!(answer.pointers(), ["/sessions/0/from", "/sessions/0/to"]);
    for (code, fault) in [("stigen", "field.contradiction"), ("nothing", "catalogue.unknown")] {
        let mut body = body("vaeksthuset", week.clone());
        body["catalogueCode"] = json!(code);
        let answer = refused(&app, post(INSTITUTION, body), (422, "request.invalid")).await;
        assert_eq!(answer.body["errors"][0]["code"], fault);
    }
    let mut backwards = body("vaeksthuset", week.clone());
    backwards["to"] = json!("2026-11-22");
    let answer = refused(&app, post(INSTITUTION, backwards), (422, "request.invalid")).await;
    assert_eq!(answer.pointers(), ["/to"]);
    done(post(INSTITUTION, body("vaeksthuset", week.clone()))).await;
    done(post("uu.teamleder", body("uu-stigen", week))).await;
}

#[actix_web::test]
async fn iv_12_a_group_is_full_until_somebody_leaves_or_ends() {
    let app = TestApp::new().await;
    let group = group(&app, 2).await;
    let mut members = Vec::new();
    for _ in 0..4 {
        members.push(in_course(&app, CASEWORKER).await);
    }
    done(add(&app, INSTITUTION, group, members[0])).await;
    done(add(&app, INSTITUTION, group, members[1])).await;
    let answer =
        refused(&app, add(&app, INSTITUTION, group, members[2]), (409, "group.full")).await;
    assert_eq!(answer.body["size"], 2);
    done(leave(&app, group, members[0], &app.today())).await;
    done(add(&app, INSTITUTION, group, members[2])).await;
    refused(&app, add(&app, INSTITUTION, group, members[3]), (409, "group.full")).await;
    let end = json!({ "on": app.today(), "reason": "completed" });
    done(step(&app, CASEWORKER, members[1], "end", end).await).await;
    done(add(&app, INSTITUTION, group, members[3])).await;
}

#[actix_web::test]
async fn iv_12_twenty_at_once_through_two_instances_do_not_pass_the_size() {
    let app = TestApp::new().await;
    let second = app.instance().await;
    let group = group(&app, 4).await;
    let mut members = Vec::new();
    for _ in 0..20 {
        members.push(in_course(&app, CASEWORKER).await);
    }
    let answers = join_all(members.iter().enumerate().map(|(n, member)| {
        let app = if n % 2 == 0 { &app } else { &second };
        add(app, INSTITUTION, group, *member).into_future()
    }))
    .await;
    let joined = answers.iter().filter(|answer| answer.status == 201).count();
    let refused = answers.iter().filter(|answer| answer.problem() == (409, "group.full")).count();
    assert_eq!((joined, refused), (4, 16));
    let path = format!("/api/v1/intervention-groups/{group}");
    assert_eq!(app.as_(INSTITUTION).get(&path).await.expect(200).body["memberCount"], 4);
}

#[actix_web::test]
async fn iv_12_one_without_a_group_has_a_schedule_of_its_own() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let mut body = referral(&app, "gruppeforloeb");
    body["sessions"] = json!([{ "weekday": "tuesday", "from": "09:00", "to": "11:20" }]);
    let referred = done(refer(&app, CASEWORKER, case.plan, body.clone())).await;
    let own = json!({ "groupId": null, "sessions": body["sessions"], "hoursPerWeek": 2.33 });
    assert_eq!(referred.body["schedule"], own);
    assert_eq!(kinds(&app, &referred).await[0]["payload"]["sessions"], body["sessions"]);
    let group = group(&app, None).await;
    let joined = done(add(&app, CASEWORKER, group, referred.id())).await;
    assert_eq!(joined.body["schedule"]["hoursPerWeek"], 9.0, "the group's, while it is in one");
    let left = done(leave(&app, group, referred.id(), &app.today())).await;
    assert_eq!(left.body["schedule"], own);
    let path = format!("/api/v1/interventions/{}/schedule", referred.id());
    let week = json!([{ "weekday": "friday", "from": "08:00", "to": "08:30" }]);
    // The provider may set it, and whoever referred sees and replaces it.
    let set = app.as_(INSTITUTION).put(&path, json!({ "sessions": week })).if_match(1);
    let set = done(set).await;
    assert_eq!((&set.body["schedule"]["sessions"], set.version()), (&week, 2));
    let none = app.as_(CASEWORKER).put(&path, json!({ "sessions": [] }));
    assert_eq!(done(none.if_match(2)).await.body["schedule"]["sessions"], json!([]));
}

/// The group's sessions begin with the membership, and not when it is told.
#[actix_web::test]
async fn iv_12_ones_own_sessions_are_held_until_the_group_begins() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let mut body = referral(&app, "gruppeforloeb");
    body["sessions"] = json!([{ "weekday": "tuesday", "from": "09:00", "to": "11:00" }]);
    let one = done(refer(&app, CASEWORKER, case.plan, body.clone())).await;
    let own = json!({ "groupId": null, "sessions": body["sessions"], "hoursPerWeek": 2.0 });
    let group = group(&app, None).await;
    let members = format!("/api/v1/intervention-groups/{group}/members");
    let joins = json!({ "interventionId": one.id(), "from": "2026-12-07" });
    let join = || app.as_(CASEWORKER).post(&members, joins.clone());
    assert_eq!(done(join()).await.body["schedule"], own);
    // What is held meanwhile clashes.
    let mut other = referral(&app, "stigen");
    (other["sessions"], other["plannedEnd"]) = (body["sessions"].clone(), json!("2026-12-04"));
    let other = done(refer(&app, CASEWORKER, case.plan, other)).await;
    assert_eq!(other.body["clashes"][0]["interventionId"], json!(one.id()));
    // A membership that is taken back before it began was none.
    assert_eq!(done(leave(&app, group, one.id(), "2026-12-07")).await.body["schedule"], own);
    let path = format!("/api/v1/interventions/{}", one.id());
    assert_eq!(app.as_(CASEWORKER).get(&path).await.expect(200).body["schedule"], own);
    done(join()).await;
    app.advance(TimeDelta::days(14));
    let begun = app.as_(CASEWORKER).get(&path).await.expect(200);
    assert_eq!(begun.body["schedule"]["groupId"], json!(group));
    assert_eq!(begun.body["schedule"]["hoursPerWeek"], 9.0);
}

#[actix_web::test]
async fn iv_12_a_group_is_changed_by_its_version_and_never_below_its_members() {
    let app = TestApp::new().await;
    let (group, path) = {
        let group = group(&app, 2).await;
        (group, format!("/api/v1/intervention-groups/{group}"))
    };
    let members = [in_course(&app, CASEWORKER).await, in_course(&app, CASEWORKER).await];
    for member in members {
        done(add(&app, INSTITUTION, group, member)).await;
    }
    let change = |who: &'static str, version: i64, body: Value| {
        app.as_(who).patch(&path, body).if_match(version)
    };
    let week = json!([{ "weekday": "tuesday", "from": "10:00", "to": "12:00" }]);
    let wanted = json!({ "title": "Tre unge", "size": 3, "to": "2026-12-31", "sessions": week });
    refused(&app, change(CASEWORKER, 1, wanted.clone()), (403, "access.denied")).await;
    refused(&app, change(INSTITUTION, 7, wanted.clone()), (412, "version.stale")).await;
    let changed = done(change(INSTITUTION, 1, wanted.clone())).await;
    for name in ["title", "size", "to", "sessions"] {
        assert_eq!(changed.body[name], wanted[name], "{name}");
    }
    assert_eq!((changed.version(), &changed.body["memberCount"]), (2, &json!(2)));
    let told = kinds(&app, &changed).await;
    assert_eq!(told[0]["kind"], "group.changed");
    assert_eq!(told[0]["payload"]["size"], 3);
    // What is left out stays; each member's week is the group's.
    let kept = done(change(INSTITUTION, 2, json!({ "size": 2 }))).await;
    assert_eq!([&kept.body["title"], &kept.body["sessions"]], [&wanted["title"], &week]);
    let one = app.as_(CASEWORKER).get(&format!("/api/v1/interventions/{}", members[0])).await;
    assert_eq!(one.expect(200).body["schedule"]["sessions"], week);

    let few = change(INSTITUTION, 3, json!({ "size": 1 }));
    let few = refused(&app, few, (409, "group.members-beyond")).await;
    assert_eq!(few.body["members"], 2);
    let crossed = json!([week[0], week[0]]);
    let answer = refused(
        &app,
        change(INSTITUTION, 3, json!({ "sessions": crossed })),
        (422, "request.invalid"),
    )
    .await;
    assert_eq!(answer.pointers(), ["/sessions/1"]);
    let answer = refused(
        &app,
        change(INSTITUTION, 3, json!({ "to": "2026-11-22" })),
        (422, "request.invalid"),
    )
    .await;
    assert_eq!(answer.pointers(), ["/to"]);
    // One that is over changes no more, and its sessions are held no more.
    app.at("2027-01-01T09:00:00Z");
    let over = change(INSTITUTION, 3, json!({ "to": "2027-06-01" }));
    refused(&app, over, (409, "group.over")).await;
    let one = app.as_(CASEWORKER).get(&format!("/api/v1/interventions/{}", members[0])).await;
    assert_eq!(one.expect(200).body["schedule"]["sessions"], json!([]));
}

#[actix_web::test]
async fn iv_12_a_group_of_an_offer_takes_that_offer_alone() {
    let app = TestApp::new().await;
    let (group, case) = (group(&app, None).await, app.active_plan(CASEWORKER).await);
    let other = app.started(CASEWORKER, case.plan, "fast-konsulent").await.id();
    refused(&app, add(&app, CASEWORKER, group, other), (409, "group.another-offer")).await;
}

/// Lowering and joining at once: whichever comes first, the size is never below the members.
#[actix_web::test]
async fn iv_12_a_group_is_not_lowered_while_somebody_joins() {
    let app = TestApp::new().await;
    let second = app.instance().await;
    for _ in 0..5 {
        let group = group(&app, 2).await;
        let (one, two) = (in_course(&app, CASEWORKER).await, in_course(&app, CASEWORKER).await);
        done(add(&app, INSTITUTION, group, one)).await;
        let path = format!("/api/v1/intervention-groups/{group}");
        let lower = second.as_(INSTITUTION).patch(&path, json!({ "size": 1 })).if_match(1);
        let (joined, lowered) = futures_util::future::join(
            add(&app, INSTITUTION, group, two).into_future(),
            lower.into_future(),
        )
        .await;
        let problems = (joined.status, lowered.status);
        assert!(matches!(problems, (201, 409) | (409, 200)), "{problems:?}");
    }
}

/// The group before plan and intervention, as when one joins (D-13): or joining and leaving wait for
/// one another.
#[actix_web::test]
async fn iv_12_the_group_is_locked_before_the_plan_when_a_member_leaves() {
    let app = TestApp::new().await;
    let (group, case) = (group(&app, None).await, app.active_plan(CASEWORKER).await);
    let member = app.started(CASEWORKER, case.plan, "gruppeforloeb").await.id();
    done(add(&app, INSTITUTION, group, member)).await;
    app.execute(&format!("BEGIN; SELECT FROM plan WHERE id = '{}' FOR UPDATE", case.plan)).await;
    let waits = "SELECT 1 AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    let unlocked =
        format!("SELECT id FROM intervention_group WHERE id = '{group}' FOR UPDATE SKIP LOCKED");
    let today = app.today();
    let (left, free) =
        futures_util::future::join(leave(&app, group, member, &today).into_future(), async {
            while app.sql(waits).await.is_empty() {
                actix_web::rt::time::sleep(std::time::Duration::from_millis(10)).await;
                app.execute("SELECT pg_stat_clear_snapshot()").await;
            }
            let free = app.sql(&unlocked).await.len();
            app.execute("COMMIT").await;
            free
        })
        .await;
    assert_eq!((left.status, free), (200, 0));
}

#[actix_web::test]
async fn iv_12_a_membership_of_what_is_over_is_not_ended() {
    let app = TestApp::new().await;
    let (group, member) = (group(&app, None).await, in_course(&app, CASEWORKER).await);
    done(add(&app, INSTITUTION, group, member)).await;
    let end = json!({ "on": app.today(), "reason": "completed" });
    done(step(&app, CASEWORKER, member, "end", end).await).await;
    let path = format!("/api/v1/intervention-groups/{group}/members/{member}/end");
    let call = app.as_(CASEWORKER).post(&path, json!({ "on": app.today() }));
    let answer = refused(&app, call, (409, "intervention.step-not-allowed")).await;
    assert_eq!(answer.body["step"], "leave-group");
}

#[actix_web::test]
async fn iv_12_what_a_provider_of_health_arranges_is_seen_by_the_one_who_referred_and_by_no_third()
{
    let app = TestApp::new().await;
    let case = crate::steps::shared_plan(&app, CASEWORKER, "social.raadgiver").await;
    let mut body = referral(&app, "rusmiddelcentret");
    body["sessions"] = json!([{ "weekday": "monday", "from": "09:00", "to": "10:00" }]);
    let id = done(refer(&app, CASEWORKER, case.plan, body)).await.id();
    let path = format!("/api/v1/interventions/{id}");
    let week = json!([{ "weekday": "friday", "from": "08:00", "to": "09:00" }]);
    let set = app
        .as_("rusmiddel.behandler")
        .put(&format!("{path}/schedule"), json!({ "sessions": week }));
    done(set.if_match(1)).await;
    let seen = app.as_(CASEWORKER).get(&path).await.expect(200);
    assert_eq!(seen.body["schedule"]["sessions"], week, "replaced, not added to");
    let company = app.as_("rusmiddel.behandler").put(&format!("{path}/company"), app.company());
    done(company.if_match(2)).await;
    let again = app.as_(CASEWORKER).put(&format!("{path}/company"), app.company());
    done(again.if_match(3)).await;
    assert_eq!(app.as_("social.raadgiver").get(&path).await.problem(), (404, "not-found"));
}
