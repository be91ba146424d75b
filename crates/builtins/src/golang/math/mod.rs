//! `golang/math`: numbers, as Go's package `math`.
//!
//! Logarithms are computed as Go does it, to the last digit; of what else no computer does by itself, the last digit may
//! differ from Go's. What the standard library lacks comes from `libm`.

mod analysis;
mod float;
mod special;

use schema::Function;

/// The functions of the module.
pub(super) static FUNCTIONS: &[&Function] = &[
    &float::ABS,
    &analysis::ACOS,
    &analysis::ACOSH,
    &analysis::ASIN,
    &analysis::ASINH,
    &analysis::ATAN,
    &analysis::ATAN_2,
    &analysis::ATANH,
    &analysis::CBRT,
    &float::CEIL,
    &float::COPYSIGN,
    &analysis::COS,
    &analysis::COSH,
    &float::DIM,
    &special::ERF,
    &special::ERFC,
    &special::ERFCINV,
    &special::ERFINV,
    &analysis::EXP,
    &analysis::EXP_2,
    &analysis::EXPM_1,
    &float::FLOOR,
    &float::FMA,
    &special::GAMMA,
    &analysis::HYPOT,
    &float::ILOGB,
    &float::INF,
    &float::IS_INF,
    &float::IS_NA_N,
    &special::J_0,
    &special::J_1,
    &special::JN,
    &float::LDEXP,
    &analysis::LOG,
    &analysis::LOG_10,
    &analysis::LOG_1_P,
    &analysis::LOG_2,
    &float::LOGB,
    &float::MAX,
    &float::MIN,
    &float::MOD,
    &float::NA_N,
    &float::NEXTAFTER,
    &analysis::POW,
    &analysis::POW_10,
    &float::REMAINDER,
    &float::ROUND,
    &float::ROUND_TO_EVEN,
    &float::SIGNBIT,
    &analysis::SIN,
    &analysis::SINH,
    &analysis::SQRT,
    &analysis::TAN,
    &analysis::TANH,
    &float::TRUNC,
    &special::Y_0,
    &special::Y_1,
    &special::YN,
];
