using StackExchange.Redis;

var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();
var looked = Path.Combine(builder.Configuration["Folder"]!, "looked");

// Holds the process until its connections have been counted.
AppDomain.CurrentDomain.ProcessExit += (_, _) =>
{
    Console.WriteLine("holding");
    SpinWait.SpinUntil(() => File.Exists(looked), TimeSpan.FromSeconds(6));
};

var redis = await ConnectionMultiplexer.ConnectAsync(builder.Configuration["Server"]!);

var app = builder.Build();
app.MapGet("/", () => redis.GetDatabase().StringIncrement("visits"));
app.MapReadiness();
app.Run();
