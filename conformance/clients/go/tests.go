package main

import (
	"errors"
	"fmt"
	"os"
	"reflect"

	"github.com/aws/smithy-go"
)

var passed, failed int

// test runs a body; what it panics with is its failure.
func test(name string, body func()) {
	defer func() {
		if fault := recover(); fault != nil {
			failed++
			fmt.Printf("FAILED %s: %v\n", name, fault)
		}
	}()
	body()
	passed++
}

func done() {
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 || passed == 0 {
		os.Exit(1)
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func equal(got, want any) {
	if !reflect.DeepEqual(got, want) {
		panic(fmt.Sprintf("got %#v, want %#v", got, want))
	}
}

// fails checks that a call failed with an error of type E and this text, and returns the error.
func fails[E error, T any](_ T, err error) func(text string) E {
	return func(text string) E {
		var typed E
		if !errors.As(err, &typed) {
			panic(fmt.Sprintf("it failed with %v", err))
		}
		var api smithy.APIError
		errors.As(err, &api)
		equal(api.ErrorMessage(), text)
		return typed
	}
}

// invalid is a validation error, for which the SDK has no type.
func invalid[T any](value T, err error) func(text string) {
	return func(text string) {
		equal(fails[smithy.APIError](value, err)(text).ErrorCode(), "ValidationException")
	}
}
