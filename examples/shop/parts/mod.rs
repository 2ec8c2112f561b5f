//! The forms that people ship: each stands in the shop until its exercise is solved. `glue.rs` is what the shop
//! asks of a part; it is compiled a second time with the learner's form, which the launcher adds.
// Why `allow(dead_code)`: a naive form has the whole interface and uses little of it.

use crate::part::Parts;

/// All of them.
pub const NAIVE: Parts = Parts {
    timeouts: timeouts::glue::PART,
    retries: retries::glue::PART,
    backpressure: backpressure::glue::PART,
    joinset: joinset::glue::PART,
    shutdown: shutdown::glue::PART,
    worker_pool: worker_pool::glue::PART,
    #[cfg(feature = "port")]
    http: Some(http::glue::PART),
    #[cfg(not(feature = "port"))]
    http: None,
};

mod timeouts {
    #[path = "naive.rs"]
    #[allow(dead_code)]
    pub mod form;
    pub mod glue;
}

mod retries {
    #[path = "naive.rs"]
    #[allow(dead_code)]
    pub mod form;
    pub mod glue;
}

mod backpressure {
    #[path = "naive.rs"]
    #[allow(dead_code)]
    pub mod form;
    pub mod glue;
}

mod joinset {
    #[path = "naive.rs"]
    #[allow(dead_code)]
    pub mod form;
    pub mod glue;
}

mod shutdown {
    #[path = "naive.rs"]
    #[allow(dead_code)]
    pub mod form;
    pub mod glue;
}

mod worker_pool {
    #[path = "naive.rs"]
    #[allow(dead_code)]
    pub mod form;
    pub mod glue;
}

#[cfg(feature = "port")]
pub mod http {
    #[path = "naive.rs"]
    #[allow(dead_code)]
    pub mod form;
    pub mod glue;
}
