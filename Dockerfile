FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
RUN apt-get update && apt-get install -y --no-install-recommends nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN bash -c '. eng/setup.sh && prepare' && dotnet publish src/Spoo.Web -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
ENV Data__Folder=/data
EXPOSE 5080
VOLUME /data
ENTRYPOINT ["dotnet", "Spoo.Web.dll"]
CMD ["--urls", "http://+:5080"]
