import type { Sample } from './sample.ts';

/** JUnit reports as their tools document them. */
export const JUNIT: readonly Sample[] = [
  {
    source: 'Ant’s JUnitReport task, windyroad JUnit.xsd',
    text: '<testsuite name="s" tests="2" failures="1" errors="0" time="1"><properties/><testcase name="a" classname="c" time="0"><failure message="m" type="t">trace</failure></testcase><testcase name="b" classname="c" time="0"/></testsuite>',
    verdict: 'fails',
    facts: { failed: 1, executed: 2 },
  },
  {
    source: 'testmoapp/junitxml, a suite of several',
    text: '<testsuites name="run" tests="2" failures="0" errors="0" skipped="1"><testsuite name="s" tests="2" failures="0" errors="0" skipped="1"><testcase name="a" classname="c"/><testcase name="b" classname="c"><skipped message="later"/></testcase></testsuite></testsuites>',
    verdict: 'passes',
    facts: { executed: 1, skipped: 1 },
  },
  {
    source: 'Surefire surefire-test-report.xsd: rerunFailure beside failure',
    text: '<testsuite name="s" tests="1" errors="0" skipped="0" failures="1"><testcase name="a"><failure type="t">1</failure><rerunFailure type="t"><stackTrace>2</stackTrace></rerunFailure></testcase></testsuite>',
    verdict: 'fails',
  },
  {
    source: 'Surefire, rerunFailure alone: the test failed every time',
    text: '<testsuite name="s" tests="1"><testcase name="a"><rerunFailure type="t"/></testcase></testsuite>',
    verdict: 'fails',
  },
  {
    source: 'Surefire, flakyFailure: the test passed in the end',
    text: '<testsuite name="s" tests="1" errors="0" skipped="0" failures="0" flakes="1"><testcase name="a"><flakyFailure type="t"/></testcase></testsuite>',
    verdict: 'passes',
  },
  {
    source: 'GoogleTest advanced guide, generating an XML report',
    text: '<testsuites tests="3" failures="1" errors="0" time="0.035" timestamp="2011-10-31T18:52:42" name="AllTests"><testsuite name="MathTest" tests="2" failures="1" errors="0" time="0.015"><testcase name="Addition" file="t.cpp" line="1" status="run" time="0.007" classname=""><failure message="Value of: add(1, 1)" type="">x</failure></testcase><testcase name="Subtraction" status="run" time="0.005" classname=""/></testsuite><testsuite name="LogicTest" tests="1" failures="0" errors="0" time="0.005"><testcase name="NonContradiction" status="run" time="0.005" classname=""/></testsuite></testsuites>',
    verdict: 'fails',
    facts: { failed: 1, total: 3 },
  },
  {
    source: 'GoogleTest, GTEST_SKIP: result="skipped"',
    text: '<testsuites tests="1" failures="0" disabled="0" errors="0" name="AllTests"><testsuite name="S" tests="1" failures="0" disabled="0" skipped="1" errors="0"><testcase name="T" status="run" result="skipped" time="0" classname="S"/></testsuite></testsuites>',
    verdict: 'says nothing',
    lifts: ['result', 'skipped'],
  },
  {
    source: 'GoogleTest, a disabled test: status="notrun" result="suppressed"',
    text: '<testsuites tests="2" failures="0" disabled="1" errors="0" name="AllTests"><testsuite name="S" tests="2" failures="0" disabled="1" errors="0"><testcase name="A" status="run" result="completed" classname="S"/><testcase name="DISABLED_B" status="notrun" result="suppressed" classname="S"/></testsuite></testsuites>',
    verdict: 'passes',
    facts: { executed: 1, skipped: 1 },
  },
  {
    source: 'CTest --output-junit: status="fail"',
    text: '<testsuite name="Linux" tests="1" failures="1" disabled="0" skipped="0"><testcase name="t" classname="t" time="1" status="fail"><failure message=""/><system-out>o</system-out></testcase></testsuite>',
    verdict: 'fails',
  },
  {
    source: 'CTest, the word alone',
    text: '<testsuite name="Linux" tests="1"><testcase name="t" classname="t" status="fail"/></testsuite>',
    verdict: 'fails',
    lifts: ['status'],
  },
  {
    source: 'Behat’s JUnit formatter: status="undefined", a step nobody wrote',
    text: '<testsuites name="default"><testsuite name="Login" tests="1" skipped="0" failures="0" errors="0"><testcase name="x" classname="Login" status="undefined"/></testsuite></testsuites>',
    verdict: 'fails',
    facts: { unknown: 1 },
    lifts: ['status'],
  },
  {
    source: 'PHPUnit: suites in suites, each with the sum below it',
    text: '<testsuites><testsuite name="all" tests="2" assertions="2" errors="0" failures="1" skipped="0"><testsuite name="A" tests="2" errors="0" failures="1" skipped="0"><testcase name="a" class="A" assertions="1"/><testcase name="b" class="A"><failure type="E">f</failure></testcase></testsuite></testsuite></testsuites>',
    verdict: 'fails',
    facts: { failed: 1, total: 2 },
  },
  {
    source: 'Mocha under Cypress: a hook failed, and cases are missing',
    text: '<testsuites name="Mocha Tests" tests="2" failures="0"><testsuite name="spec" tests="2" failures="0"><testcase name="a"/></testsuite></testsuites>',
    verdict: 'fails',
    facts: { unknown: 1 },
    lifts: ['tests'],
  },
  {
    source: 'a crashed runner: one case of ten',
    text: '<testsuite name="s" tests="10" failures="0" errors="0"><testcase name="a"/></testsuite>',
    verdict: 'fails',
    facts: { unknown: 9 },
    lifts: ['tests'],
  },
  {
    source: 'counts are xs:nonNegativeInteger, and some tools write them with a fraction',
    text: '<testsuite name="s" tests="1.0" failures="1.0"><testcase name="a"/></testsuite>',
    verdict: 'fails',
    facts: { failed: 1 },
    lifts: ['failures'],
  },
  {
    source: 'declared skipped, without a child that says so',
    text: '<testsuite name="s" tests="2" skipped="2"><testcase name="a"/><testcase name="b"/></testsuite>',
    verdict: 'says nothing',
    lifts: ['skipped'],
  },
  {
    source: 'a count in words',
    text: '<testsuite name="s" failures="one"><testcase name="a"/></testsuite>',
    verdict: 'is refused',
  },
  {
    source: 'a negative count',
    text: '<testsuite name="s" failures="-1"><testcase name="a"/></testsuite>',
    verdict: 'is refused',
  },
  {
    source: 'xUnit converters: failure under testsuite',
    text: '<testsuite name="s" tests="1"><failure message="setup"/><testcase name="a"/></testsuite>',
    verdict: 'fails',
  },
  {
    source: 'pytest: an error while collecting',
    text: '<testsuites><testsuite name="pytest" errors="1" failures="0" skipped="0" tests="1"><testcase classname="" name="test_x"><error message="collection failure">E</error></testcase></testsuite></testsuites>',
    verdict: 'fails',
    facts: { errors: 1 },
  },
  {
    source: 'a case in a case: both count',
    text: '<testsuite name="s"><testcase name="outer"><failure/><testcase name="inner"/></testcase></testsuite>',
    verdict: 'fails',
    facts: { failed: 1, total: 2 },
  },
  {
    source: 'XML namespaces: a prefix hides nothing',
    text: '<j:testsuite xmlns:j="urn:j"><j:testcase name="a"><j:failure/></j:testcase></j:testsuite>',
    verdict: 'fails',
  },
  {
    source: 'XML 1.0, Unique Att Spec',
    text: '<testsuite name="s" failures="0" failures="3"><testcase name="a"/></testsuite>',
    verdict: 'is refused',
  },
  {
    source: 'an attribute that JavaScript knows',
    text: '<testsuite hasOwnProperty="1" name="s"><testcase name="a"/></testsuite>',
    verdict: 'is refused',
  },
  {
    source: 'attributes that JavaScript knows',
    text: '<testsuite constructor="1" __proto__="2" toString="3" tests="1"><testcase name="a"/></testsuite>',
    verdict: 'passes',
  },
];
