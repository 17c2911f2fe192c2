// log-judge reads logs and proofs of Sluice with the libraries that Go verifies its own modules with. It shares no code with Sluice.
//
//	log-judge log <verifier key> <address>   checks every entry of a served log, and that it continues each of its earlier sizes
//	log-judge proof                          checks the proofs that stand as JSON on standard input
//	log-judge witness                        cosigns logs as the JSON on standard input says, prints its address first
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "log-judge:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 3 && args[0] == "log":
		return judgeLog(args[1], args[2])
	case len(args) == 1 && args[0] == "proof":
		return judgeProof(os.Stdin)
	case len(args) == 1 && args[0] == "witness":
		return serveWitness(os.Stdin)
	}
	return fmt.Errorf("usage: log-judge log <verifier key> <address> | proof | witness")
}
