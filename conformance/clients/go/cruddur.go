package main

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// What the program puts into the table: conversations (GRP#user) and their messages (MSG#group).
const index = "message-group-sk-index"
const group = "5ae290ed-55d1-47a0-bc6d-fe2bc2700399"

var table = aws.String("cruddur-messages")

type item struct {
	PK      string `dynamodbav:"pk"`
	SK      string `dynamodbav:"sk"`
	Group   string `dynamodbav:"message_group_uuid,omitempty"`
	Message string `dynamodbav:"message,omitempty"`
	Handle  string `dynamodbav:"user_handle,omitempty"`
	Count   int    `dynamodbav:"count,omitempty"`
}

func minute(n int) string {
	return fmt.Sprintf("2023-03-27T10:%02d:00.000000+00:00", n)
}

// The conversation as one user lists it: with the other one's handle.
func conversation(user, other, at, text string) item {
	return item{PK: "GRP#" + user, SK: at, Group: group, Message: text, Handle: other}
}

func message(partition string, n int) item {
	return item{PK: "MSG#" + partition, SK: minute(n), Message: fmt.Sprintf("message %d", n), Handle: "andrewbrown"}
}

func keySchema(partition, sort string) []types.KeySchemaElement {
	return []types.KeySchemaElement{
		{AttributeName: aws.String(partition), KeyType: types.KeyTypeHash},
		{AttributeName: aws.String(sort), KeyType: types.KeyTypeRange},
	}
}

func schema() *dynamodb.CreateTableInput {
	var attributes []types.AttributeDefinition
	for _, name := range []string{"message_group_uuid", "pk", "sk"} {
		attributes = append(attributes,
			types.AttributeDefinition{AttributeName: aws.String(name), AttributeType: types.ScalarAttributeTypeS})
	}
	return &dynamodb.CreateTableInput{
		TableName:            table,
		BillingMode:          types.BillingModePayPerRequest,
		AttributeDefinitions: attributes,
		KeySchema:            keySchema("pk", "sk"),
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName:  aws.String(index),
			KeySchema:  keySchema("message_group_uuid", "sk"),
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
		}},
		StreamSpecification: &types.StreamSpecification{
			StreamEnabled:  aws.Bool(true),
			StreamViewType: types.StreamViewTypeNewAndOldImages,
		},
	}
}
