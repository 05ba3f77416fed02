// The tour of ../README.md with the AWS SDK for Go v2. The argument is the server's URL.
package main

import (
	"context"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	stream "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

type attributes = map[string]types.AttributeValue

var (
	ctx     = context.Background()
	config  = aws.Config{Region: "us-east-1", Credentials: local, RetryMaxAttempts: 1}
	local   = credentials.NewStaticCredentialsProvider("local", "local", "")
	ddb     *dynamodb.Client
	streams *dynamodbstreams.Client
	writes  int
)

func s(value string) types.AttributeValue {
	return &types.AttributeValueMemberS{Value: value}
}

func key(pk, sk string) attributes {
	return attributes{"pk": s(pk), "sk": s(sk)}
}

func encode(value item) attributes {
	return must(attributevalue.MarshalMap(value))
}

func decode(read []attributes) (items []item) {
	must(0, attributevalue.UnmarshalListOfMaps(read, &items))
	return
}

func put(value item) (*dynamodb.PutItemOutput, error) {
	writes++
	return ddb.PutItem(ctx, &dynamodb.PutItemInput{TableName: table, Item: encode(value)})
}

func writeBatch(items ...item) {
	var requests []types.WriteRequest
	for _, each := range items {
		requests = append(requests, types.WriteRequest{PutRequest: &types.PutRequest{Item: encode(each)}})
	}
	reply := must(ddb.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{
		RequestItems: map[string][]types.WriteRequest{*table: requests},
	}))
	equal(len(reply.UnprocessedItems), 0)
	writes += len(items)
}

func query(condition string, values attributes) *dynamodb.QueryInput {
	return &dynamodb.QueryInput{TableName: table, KeyConditionExpression: &condition, ExpressionAttributeValues: values}
}

func tableIsMade() {
	must(ddb.CreateTable(ctx, schema()))
	waiter := dynamodb.NewTableExistsWaiter(ddb, func(options *dynamodb.TableExistsWaiterOptions) {
		options.MinDelay = time.Millisecond
	})
	described := must(waiter.WaitForOutput(ctx, &dynamodb.DescribeTableInput{TableName: table}, 10*time.Second))
	equal(described.Table.TableStatus, types.TableStatusActive)
	equal(described.Table.GlobalSecondaryIndexes[0].IndexStatus, types.IndexStatusActive)
	equal(must(ddb.ListTables(ctx, &dynamodb.ListTablesInput{})).TableNames, []string{*table})
	fails[*types.ResourceInUseException](ddb.CreateTable(ctx, schema()))("Table already exists: " + *table)
}

func everyTypeComesBack() {
	value := attributes{
		"pk": s("TYPES"), "sk": s("é \x00 😀"), "empty": s(""),
		"number":  &types.AttributeValueMemberN{Value: "12345678901234567890.123456789012345678"},
		"bytes":   &types.AttributeValueMemberB{Value: []byte{0, 127, 255}},
		"yes":     &types.AttributeValueMemberBOOL{Value: true},
		"nothing": &types.AttributeValueMemberNULL{Value: true},
		"map": &types.AttributeValueMemberM{Value: attributes{
			"list": &types.AttributeValueMemberL{Value: []types.AttributeValue{
				s("a"), &types.AttributeValueMemberM{Value: attributes{}},
			}},
		}},
		"strings": &types.AttributeValueMemberSS{Value: []string{"a", "b"}},
		"numbers": &types.AttributeValueMemberNS{Value: []string{"1", "2.5"}},
		"blobs":   &types.AttributeValueMemberBS{Value: [][]byte{{1}, {2, 3}}},
	}
	must(ddb.PutItem(ctx, &dynamodb.PutItemInput{TableName: table, Item: value}))
	writes++
	got := must(ddb.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: table, Key: key("TYPES", "é \x00 😀"), ConsistentRead: aws.Bool(true),
	}))
	equal(got.Item, value)
}

func conversationIsShown() {
	at := minute(0)
	writeBatch(conversation("andrew", "bayko", at, "hey"), conversation("bayko", "andrewbrown", at, "hey"),
		message(group, 0))
	for n := 1; n < 4; n++ {
		must(put(message(group, n)))
	}
	newest := query("pk = :pk AND begins_with(sk, :year)", attributes{":pk": s("MSG#" + group), ":year": s("2023")})
	newest.ScanIndexForward = aws.Bool(false)
	newest.Limit = aws.Int32(20)
	shown := must(ddb.Query(ctx, newest))
	equal(decode(shown.Items), []item{message(group, 3), message(group, 2), message(group, 1), message(group, 0)})
}

func messageMovesConversation() {
	request := query("message_group_uuid = :group", attributes{":group": s(group)})
	request.IndexName = aws.String(index)
	found := decode(must(ddb.Query(ctx, request)).Items)
	equal(len(found), 2)
	for _, old := range found {
		gone := must(ddb.DeleteItem(ctx, &dynamodb.DeleteItemInput{
			TableName: table, Key: key(old.PK, old.SK), ReturnValues: types.ReturnValueAllOld,
		}))
		writes++
		equal(gone.Attributes, encode(old))
		old.SK, old.Message = minute(3), "message 3"
		must(put(old))
	}
	for _, moved := range decode(must(ddb.Query(ctx, request)).Items) {
		equal([]string{moved.SK, moved.Message}, []string{minute(3), "message 3"})
	}
}

func pagesOfTen() {
	var many []item
	for n := 0; n < 45; n++ {
		many = append(many, message("pages", n))
	}
	writeBatch(many[:25]...)
	writeBatch(many[25:]...)
	request := query("pk = :pk", attributes{":pk": s("MSG#pages")})
	request.Limit = aws.Int32(10)
	var read []item
	var sizes []int32
	for pages := dynamodb.NewQueryPaginator(ddb, request); pages.HasMorePages(); {
		page := must(pages.NextPage(ctx))
		sizes = append(sizes, page.Count)
		read = append(read, decode(page.Items)...)
	}
	equal(sizes, []int32{10, 10, 10, 10, 5})
	equal(read, many)
}

func conditionFails() {
	failure := fails[*types.ConditionalCheckFailedException](ddb.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:                           table,
		Item:                                encode(message(group, 0)),
		ConditionExpression:                 aws.String("attribute_not_exists(pk)"),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}))("The conditional request failed")
	equal(failure.Item, encode(message(group, 0)))
}

func counterCounts() {
	for _, count := range []string{"1", "2"} {
		counted := must(ddb.UpdateItem(ctx, &dynamodb.UpdateItemInput{
			TableName: table, Key: key("COUNTER", "likes"), ReturnValues: types.ReturnValueUpdatedNew,
			UpdateExpression:          aws.String("ADD #n :one"),
			ExpressionAttributeNames:  map[string]string{"#n": "count"},
			ExpressionAttributeValues: attributes{":one": &types.AttributeValueMemberN{Value: "1"}},
		}))
		writes++
		equal(counted.Attributes, attributes{"count": &types.AttributeValueMemberN{Value: count}})
	}
}

func transact(sk, condition string, more ...string) (*dynamodb.TransactWriteItemsOutput, error) {
	actions := []types.TransactWriteItem{{ConditionCheck: &types.ConditionCheck{
		TableName: table, Key: key("COUNTER", "likes"), ConditionExpression: &condition,
	}}}
	for _, each := range append(more, sk) {
		actions = append(actions, types.TransactWriteItem{Put: &types.Put{TableName: table, Item: key("T", each)}})
	}
	return ddb.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: actions})
}

func transactionWritesAndReads() {
	must(transact("1", "attribute_exists(pk)", "2"))
	writes += 2
	var gets []types.TransactGetItem
	for _, sk := range []string{"1", "2", "none"} {
		gets = append(gets, types.TransactGetItem{Get: &types.Get{TableName: table, Key: key("T", sk)}})
	}
	got := must(ddb.TransactGetItems(ctx, &dynamodb.TransactGetItemsInput{TransactItems: gets})).Responses
	equal([]attributes{got[0].Item, got[1].Item, got[2].Item}, []attributes{key("T", "1"), key("T", "2"), nil})
}

func transactionIsCancelled() {
	failure := fails[*types.TransactionCanceledException](transact("3", "attribute_not_exists(pk)"))(
		"Transaction cancelled, please refer cancellation reasons for specific reasons [ConditionalCheckFailed, None]")
	reasons := failure.CancellationReasons
	equal(*reasons[0].Code+": "+*reasons[0].Message, "ConditionalCheckFailed: The conditional request failed")
	equal(*reasons[1].Code, "None")
	absent := must(ddb.GetItem(ctx, &dynamodb.GetItemInput{TableName: table, Key: key("T", "3")}))
	equal(len(absent.Item), 0)
}

func records() (read []stream.Record) {
	arn := must(ddb.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: table})).Table.LatestStreamArn
	described := must(streams.DescribeStream(ctx, &dynamodbstreams.DescribeStreamInput{StreamArn: arn}))
	iterator := must(streams.GetShardIterator(ctx, &dynamodbstreams.GetShardIteratorInput{
		StreamArn: arn, ShardId: described.StreamDescription.Shards[0].ShardId,
		ShardIteratorType: stream.ShardIteratorTypeTrimHorizon,
	})).ShardIterator
	for {
		page := must(streams.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: iterator, Limit: aws.Int32(25)}))
		if len(page.Records) == 0 {
			return
		}
		read, iterator = append(read, page.Records...), page.NextShardIterator
	}
}

func streamTellsEveryWrite() {
	var names []string
	read := records()
	equal(len(read), writes)
	for _, record := range read {
		var keys struct {
			PK string `dynamodbav:"pk"`
		}
		must(0, attributevalue.UnmarshalMap(must(attributevalue.FromDynamoDBStreamsMap(record.Dynamodb.Keys)), &keys))
		if keys.PK == "GRP#bayko" {
			names = append(names, string(record.EventName))
		}
	}
	equal(names, []string{"INSERT", "REMOVE", "INSERT"})
}

func mistakes() {
	get := func(name string) (*dynamodb.GetItemOutput, error) {
		return ddb.GetItem(ctx, &dynamodb.GetItemInput{TableName: &name, Key: attributes{"pk": s("a")}})
	}
	fails[*types.ResourceNotFoundException](get("nothing-here"))("Requested resource not found")
	invalid(get(*table))("The provided key element does not match the schema")
	invalid(ddb.Query(ctx, query("sk = :sk", attributes{":sk": s("a")})))("Query condition missed key schema element: pk")
	invalid(ddb.PutItem(ctx, &dynamodb.PutItemInput{TableName: table, Item: attributes{"pk": s("a")}}))(
		"One or more parameter values were invalid: Missing the key sk in the item")
}

func tableGoes() {
	must(ddb.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: table}))
	fails[*types.ResourceNotFoundException](ddb.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: table}))(
		"Requested resource not found: Table: " + *table + " not found")
}

func main() {
	endpoint := &os.Args[1]
	ddb = dynamodb.NewFromConfig(config, func(options *dynamodb.Options) { options.BaseEndpoint = endpoint })
	streams = dynamodbstreams.NewFromConfig(config, func(options *dynamodbstreams.Options) {
		options.BaseEndpoint = endpoint
	})
	test("the table and its index are made", tableIsMade)
	test("every type comes back as it went", everyTypeComesBack)
	test("a conversation is begun in one batch, and shown", conversationIsShown)
	test("a message moves the conversation, found by the index", messageMovesConversation)
	test("45 messages come in pages of 10", pagesOfTen)
	test("a failed condition is a typed error with the item", conditionFails)
	test("a counter counts", counterCounts)
	test("a transaction writes and reads together", transactionWritesAndReads)
	test("a cancelled transaction says why and leaves nothing", transactionIsCancelled)
	test("the stream tells every write", streamTellsEveryWrite)
	test("mistakes get the service's words", mistakes)
	test("the table goes", tableGoes)
	done()
}
