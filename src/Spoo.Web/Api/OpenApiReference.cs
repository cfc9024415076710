using System.Globalization;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Spoo.Web.Addresses;
using Spoo.Web.Api.Numbers;
using Spoo.Web.Wire;

namespace Spoo.Web.Api;

/// <summary>
/// The API's reference: <c>/openapi/v1.json</c> for programs and <c>/docs</c> for people. It is made from the actions and what
/// they say about themselves.
/// </summary>
internal static class OpenApiReference
{
    /// <summary>Its script is a file of ours: the library's own page makes functions from text, which our policy for scripts refuses.</summary>
    private const string Page = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <title>Spoo API</title>
            <link rel="icon" href="../favicon.svg" type="image/svg+xml" />
            <link rel="stylesheet" href="./swagger-ui.css" />
            <link rel="stylesheet" href="../docs.css" />
        </head>
        <body>
            <div id="swagger-ui"></div>
            <script src="./swagger-ui-bundle.js"></script>
            <script src="../js/api-reference.js"></script>
            <script type="module" src="../js/docs.js"></script>
        </body>
        </html>

        """;

    private const string Key = "key";
    private const string Cookie = "cookie";
    private const string Json = "application/json";

    /// <summary>An example of every error that several actions have.</summary>
    private static readonly Dictionary<int, (string Name, string Description, string Code, string Error)> Errors = new()
    {
        [400] = ("Invalid", "The shape is right, the meaning is not.", ApiProblem.ValidationError, "start_date must be before end_date"),
        [401] = ("NotSignedIn", "Not signed in, or the key that was presented is not valid.", "authentication_error", "Authentication required"),
        [403] = ("Forbidden", "The key lacks a scope, or the thing belongs to another account.", "forbidden", "Insufficient scope for this operation"),
        [404] = ("NotFound", "There is no such thing.", "not_found", "URL not found"),
        [409] = ("Conflict", "Another request was quicker.", "conflict", "Alias is already in use"),
        [413] = ("TooLarge", "The body has more than a megabyte.", "payload_too_large", "Request body too large"),
        [415] = ("NotJson", "The body is not JSON.", "unsupported_media_type", "the body should be JSON, with Content-Type: application/json"),
        [422] = ("Malformed", "A field has the wrong shape; field names it, or details if there are several.", ApiProblem.ValidationError, "page: Input should be greater than or equal to 1"),
        [429] = ("TooMany", "Too many calls; Retry-After says how many seconds to wait.", "rate_limit_exceeded", "Too many requests"),
        [500] = ("Crash", "The fault is the server's.", "internal_error", "An internal server error occurred."),
        [503] = ("StoreFails", "The database does not answer, so there is no answer.", "storage_error", "the database does not answer"),
        [504] = ("GatewayTimeout", "Another site that was asked for this did not answer in time.", "upstream_timeout", "the destination did not answer in time"),
    };

    public static void AddSpooReference(this WebApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(options => ApiJson.Configure(options.SerializerOptions));
        builder.Services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.ShouldInclude = description => description.ActionDescriptor is ControllerActionDescriptor;
            options.AddSchemaTransformer((schema, context, _) =>
            {
                if (context.JsonTypeInfo.Type == typeof(DateTimeOffset) || context.JsonTypeInfo.Type == typeof(DateTimeOffset?))
                {
                    schema.Type = JsonSchemaType.String | (context.JsonTypeInfo.Type == typeof(DateTimeOffset) ? 0 : JsonSchemaType.Null);
                    schema.Format = "date-time";
                }
                else if (context.JsonTypeInfo.Type == typeof(MetricRow))
                {
                    schema.Type = JsonSchemaType.Object;
                    schema.Description = "The label under the name of its dimension (two in a crossed list), the number under the name of its metric, and its share.";
                    schema.Examples = [JsonNode.Parse("""{"country":"DE","clicks":28,"clicks_percentage":70}""")!];
                }

                TellTheTruth(schema, context.JsonTypeInfo);
                return Task.CompletedTask;
            });
            options.AddOperationTransformer(DescribeAsync);
            options.AddDocumentTransformer(CompleteAsync);
        });
    }

    /// <summary>The page for people. It stands before the routing, because the redirect answers there.</summary>
    public static void UseSpooReference(this WebApplication app)
    {
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/" + SpooUrls.ApiDocs), docs => docs.Use((context, next) =>
        {
            // Swagger UI knows GET alone; the server leaves the body of an answer to HEAD away by itself.
            context.Request.Method = HttpMethods.IsHead(context.Request.Method) ? HttpMethods.Get : context.Request.Method;
            ContentPolicy.IsPage(context, hasStyleAttributes: false);
            return next(context);
        }));
        app.UseSwaggerUI(options =>
        {
            options.RoutePrefix = SpooUrls.ApiDocs;
            options.IndexStream = () => new MemoryStream(Encoding.UTF8.GetBytes(Page));
        });
    }

    /// <summary>What is left out of answers when it is null is not required, and numbers are written as numbers.</summary>
    private static void TellTheTruth(OpenApiSchema schema, JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true) is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }, ..])
            {
                schema.Required?.Remove(property.Name);
            }
        }

        if (schema.Type is { } kinds && (kinds & (JsonSchemaType.Integer | JsonSchemaType.Number)) != 0 && kinds.HasFlag(JsonSchemaType.String))
        {
            schema.Type = kinds & ~JsonSchemaType.String;
            schema.Pattern = null;
        }
    }

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var action = (ControllerActionDescriptor)context.Description.ActionDescriptor;
        var metadata = action.EndpointMetadata;
        operation.OperationId = $"{action.ControllerName}_{action.MethodInfo.Name}";
        Describe(operation, metadata);

        if (metadata.OfType<BodyAttribute>().SingleOrDefault() is { } body)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Json] = new()
                    {
                        Schema = await context.GetOrCreateSchemaAsync(body.Type, null, cancellationToken),
                        Example = JsonNode.Parse(body.Example),
                    },
                },
            };
        }

        if (metadata.OfType<ProducesFilesAttribute>().SingleOrDefault() is { } files && operation.Responses!["200"] is OpenApiResponse answer)
        {
            answer.Content = files.ContentTypes.ToDictionary(
                type => type, _ => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } });
        }

        foreach (var status in StatusesOf(metadata, operation).Order())
        {
            operation.Responses![status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponseReference(Errors[status].Name, context.Document);
        }

        var needsAccount = metadata.OfType<NeedsAccountAttribute>().SingleOrDefault();
        var byCookie = new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Cookie, context.Document)] = [] };
        var byKey = new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, context.Document)] = [] };
        operation.Security = needsAccount is null ? [byKey, byCookie, []] : needsAccount.RefusesKeys is null ? [byKey, byCookie] : [byCookie];
    }

    private static void Describe(OpenApiOperation operation, IList<object> metadata)
    {
        var stats = metadata.OfType<TakesStatsQueryAttribute>().SingleOrDefault();
        var parameters = metadata.OfType<ParameterAttribute>().Concat(stats is null ? [] : StatsParameters.All(stats));
        foreach (var parameter in parameters)
        {
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = parameter.Name,
                In = ParameterLocation.Query,
                Required = parameter.IsRequired,
                Description = parameter.Description,
                Example = parameter.Example,
                Schema = new OpenApiSchema
                {
                    Type = parameter.IsWhole ? JsonSchemaType.Integer : JsonSchemaType.String,
                    Enum = parameter.Choices is null ? null : [.. parameter.Choices.Split(',').Select(choice => (JsonNode)choice)],
                },
            });
        }

        if (metadata.OfType<NeedsScopeAttribute>().SingleOrDefault() is { } scope)
        {
            operation.Description = $"A key needs one of the scopes {string.Join(", ", scope.AnyOf)}, admin:all.";
        }
    }

    private static HashSet<int> StatusesOf(IList<object> metadata, OpenApiOperation operation)
    {
        HashSet<int> statuses = [401, 500, 503, .. metadata.OfType<RefusesAttribute>().SelectMany(refuses => refuses.Statuses)];
        if (metadata.OfType<NeedsScopeAttribute>().Any() || metadata.OfType<NeedsAccountAttribute>().Any(account => account.RefusesKeys is not null))
        {
            statuses.Add(403);
        }

        if (metadata.OfType<BodyAttribute>().Any())
        {
            statuses.UnionWith([413, 415, 422]);
        }

        if (operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Query) == true)
        {
            statuses.Add(422);
        }

        if (metadata.OfType<LimitedAttribute>().Any())
        {
            statuses.Add(429);
        }

        return statuses;
    }

    private static async Task CompleteAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Spoo API",
            Version = "v1",
            Description = "Short links and exact statistics of their clicks. Programs written for spoo.me work here by changing their base URL. "
                + "Every error has the same shape, and its code stands in the header X-Error-Code, too.",
        };

        // The address is whatever the reader reached this at; of what the framework made of the request, the path it is below.
        document.Servers = [new OpenApiServer { Url = document.Servers is [{ Url: { } url }] && Uri.TryCreate(url, UriKind.Absolute, out var server) ? server.AbsolutePath : "/" }];
        document.AddComponent("Problem", await context.GetOrCreateSchemaAsync(typeof(ProblemBody), null, cancellationToken));
        foreach (var (_, error) in Errors)
        {
            document.AddComponent(error.Name, new OpenApiResponse
            {
                Description = error.Description,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Json] = new()
                    {
                        Schema = new OpenApiSchemaReference("Problem", document),
                        Example = new JsonObject { ["error"] = error.Error, ["code"] = error.Code, ["error_code"] = error.Code },
                    },
                },
            });
        }

        document.AddComponent(Key, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An API key: Authorization: Bearer spoo_…",
        });
        document.AddComponent(Cookie, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = "spoo",
            Description = $"Signed in on a page. Calls that change something need the header {CookieCallsNeedAntiforgery.Header}, which GET /auth/me gives out.",
        });
        document.Paths[Health.Path] = new OpenApiPathItem
        {
            Operations = new Dictionary<HttpMethod, OpenApiOperation>
            {
                [HttpMethod.Get] = new()
                {
                    OperationId = "Health",
                    Summary = "How every part is",
                    Security = [new OpenApiSecurityRequirement()],
                    Tags = new HashSet<OpenApiTagReference> { new("Health", document) },
                    Responses = new OpenApiResponses
                    {
                        ["200"] = await AnswerAsync("Healthy or degraded."),
                        ["503"] = await AnswerAsync("Unhealthy."),
                    },
                },
            },
        };

        async Task<OpenApiResponse> AnswerAsync(string description) => new()
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Json] = new()
                {
                    Schema = await context.GetOrCreateSchemaAsync(typeof(HealthAnswer), null, cancellationToken),
                    Example = JsonNode.Parse("""{"status":"healthy","version":"0.1.0","checks":{"database":"healthy","clicks":"healthy","mongodb":"ok","redis":"not_configured"}}"""),
                },
            },
        };
    }
}
