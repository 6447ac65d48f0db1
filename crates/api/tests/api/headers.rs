//! A16, E3: every response has the security headers, regardless of the code that produced it.

use crate::walk::WORKER;
use actix_web::http::Method;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use test_support::contract::operations;
use test_support::{Answer, TestApp};
use uuid::Uuid;

const OF_DATA: &str = "default-src 'none'; frame-ancestors 'none'";

/// The security headers that a response lacks.
fn lacking(answer: &Answer) -> Vec<&'static str> {
    [
        ("content-security-policy", OF_DATA),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("strict-transport-security", "max-age=31536000"),
    ]
    .into_iter()
    .filter(|(name, value)| answer.header(name) != *value)
    .map(|(name, _)| name)
    .chain(answer.header("cache-control").is_empty().then_some("cache-control"))
    .collect()
}

#[actix_web::test]
async fn a16_every_response_has_the_security_headers() {
    let app = TestApp::new().await;
    let nowhere = Uuid::now_v7().to_string();
    let mut faults = Vec::new();
    for operation in operations() {
        let path = operation.path_to(&nowhere);
        let method = Method::from_bytes(operation.method.as_bytes()).unwrap();
        let nobody = || app.as_nobody().call(method.clone(), &path);
        let worker = || app.as_(WORKER).call(method.clone(), &path);
        for answer in [
            nobody().await,
            worker().await,
            worker().body("application/json", "{").await,
            worker().body("application/json", format!("\"{}\"", "x".repeat(300 * 1024))).await,
            worker().body("text/plain", "x").await,
            app.as_(WORKER).call(Method::TRACE, &path).await,
            worker().header("X-Long", &"x".repeat(17 * 1024)).await,
        ] {
            let lacking = lacking(&answer);
            if !lacking.is_empty() {
                faults.push(format!("{} {}: {lacking:?}", answer.status, operation.name));
            }
            let is_problem = answer.header("content-type") == "application/problem+json";
            if answer.status >= 400 && !is_problem {
                faults.push(format!("{} {}: no problem", answer.status, operation.name));
            }
        }
    }
    for path in
        ["/", "/nowhere", "/api/v1/%ff", "/api/v1/plans/x", "/openapi.json", "/problems/not-found"]
    {
        let lacking = lacking(&app.as_(WORKER).get(path).await);
        assert!(lacking.is_empty(), "{path}: {lacking:?}");
    }
    assert_eq!(faults, Vec::<String>::new());
}

/// The page that shows the API documentation runs only its own scripts.
#[actix_web::test]
async fn a16_the_page_has_a_policy_of_its_own() {
    let app = TestApp::new().await;
    for path in ["/docs/", "/docs"] {
        let page = app.as_nobody().get(path).await;
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{path}: {policy}");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
    }
}

/// Over a socket: Enplan refuses a head that is too large with a problem document and the security headers.
#[actix_web::test]
async fn a16_a_head_that_is_too_large_is_a_problem() {
    let app = TestApp::new().await;
    let address = app.listen();
    let answered = async |head: String| {
        let asking = move || {
            let mut socket = TcpStream::connect(address).unwrap();
            socket.write_all(head.as_bytes()).unwrap();
            let mut answer = String::new();
            let _ = socket.read_to_string(&mut answer);
            answer
        };
        actix_web::web::block(asking).await.unwrap()
    };
    let request = |target: &str, header: &str| {
        format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{header}\r\n")
    };
    for head in [
        request("/api/v1/me", &format!("X-Long: {}\r\n", "x".repeat(17 * 1024))),
        request(&format!("/api/v1/me?x={}", "x".repeat(17 * 1024)), ""),
    ] {
        let answer = answered(head).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
        assert!(answer.contains("\"code\":\"request.head-too-large\""), "{answer}");
        assert!(answer.contains(OF_DATA) && answer.contains("nosniff"), "{answer}");
    }
    // A request that is not HTTP does not reach Enplan: the framework returns only a status.
    let answer = answered("nothing of HTTP\r\n\r\n".to_owned()).await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.ends_with("\r\n\r\n"), "no body: {answer}");
}
