//! `test.one_instance_a` to `_h`: what mgmt's tests call once.
//!
//! There they tell whether a bound value is one node of the graph. Here the graph itself is tested for that, so they
//! are only there for programs that name them.

use macros::builtin;

macro_rules! one_instance {
    ($($function:ident $example:tt),+) => {$(
        /// A greeting, which a program is meant to ask for once.
        ///
        /// ```mcl
        #[doc = $example]
        /// ```
        #[builtin(module = "test", since = "0.1")]
        fn $function() -> String {
            "hello".to_owned()
        }
    )+};
}

one_instance!(
    one_instance_a "test.one_instance_a() # => \"hello\"",
    one_instance_b "test.one_instance_b() # => \"hello\"",
    one_instance_c "test.one_instance_c() # => \"hello\"",
    one_instance_d "test.one_instance_d() # => \"hello\"",
    one_instance_e "test.one_instance_e() # => \"hello\"",
    one_instance_f "test.one_instance_f() # => \"hello\"",
    one_instance_g "test.one_instance_g() # => \"hello\"",
    one_instance_h "test.one_instance_h() # => \"hello\""
);
