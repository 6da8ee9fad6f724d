from shuanglian.trail.tests.emptying import let_tests_empty_the_trail

let_tests_empty_the_trail()
